import type {Observation} from '../observe/types.ts';
import type {Plan} from '../plan/types.ts';
import {prove} from '../prove/prove.ts';
import type {Group, StateProof} from '../prove/types.ts';
import {proofText, unsafeWords} from '../render/proof.ts';
import {refused} from './errors.ts';
import type {Rehearsal} from './rehearse.ts';
import {say} from './say.ts';

export type Proving = {
	plan: Plan;
	/** What the plan was made from. */
	observation: Observation;
	rehearsal: Pick<Rehearsal, 'folders'>;
	/** Processes of other clusters with the same CA. */
	beside?: Group[] | undefined;
	/** Also what may be refused already now is a reason not to begin; not for what goes on, cures, or goes back. */
	isStrict: boolean;
	/** Show the whole proof where it is a refusal. */
	isExplained: boolean;
};

const shownAtMost = 8;

/**
Proves the plan's mixed states, before its first write.
@throws Stopped (refused) with who would refuse whom, and when.
*/
export const proveStates = ({plan, observation, rehearsal, beside, isStrict, isExplained}: Proving): StateProof => {
	// Not the observation's: the rehearsal's certificates were made since.
	const proof = prove({
		plan, observation, folders: rehearsal.folders, beside, now: Date.now(),
	});
	const counted = proof.unsafe.filter(({already}) => isStrict || !already);
	if (counted.length === 0) {
		return proof;
	}

	if (isExplained) {
		say(proofText(proof));
	}

	const more = counted.length - shownAtMost;
	throw refused([
		'refused; nothing was changed: on the way of this plan, certificates would be refused',
		...counted.slice(0, shownAtMost).map(one => `  ${unsafeWords(one)}`),
		...(more > 0 ? [`  and ${more} more`] : []),
	].join('\n'), isExplained ? 'restart the pods that are named: they then load what their Secret holds' : 'every moment of it: the same command with --explain');
};
