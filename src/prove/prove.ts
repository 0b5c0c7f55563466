import type {FolderFacts, Observation} from '../observe/types.ts';
import type {Plan} from '../plan/types.ts';
import {refusal} from './accepts.ts';
import {follow} from './follow.ts';
import {
	type Judge,
	meetingsOf,
	partyOf,
	statesOf,
} from './meet.ts';
import type {Group, StateProof, Unsafe} from './types.ts';
import {groupWords} from './words.ts';

export type ProofInput = {
	plan: Plan;
	observation: Observation;
	/** The cluster folder after each step that changes it, by the step's place in the plan; as a rehearsal makes it. */
	folders: ReadonlyMap<number, FolderFacts>;
	/** Processes of other clusters with the same CA: what they hold does not change by this plan. */
	beside?: Group[] | undefined;
	/** Milliseconds since the epoch: not before the rehearsal's certificates were made. */
	now: number;
};

/** The same few pairs are asked for at every moment. */
const judgeAt = (now: number): Judge => {
	const known = new Map<string, string | undefined>();
	return (leaf, bundle, library) => {
		const id = `${leaf.digest} ${bundle.digest} ${library}`;
		if (!known.has(id)) {
			known.set(id, refusal(leaf, bundle, library, now));
		}

		return known.get(id);
	};
};

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
Proves on paper that in every mixed state that the plan's writes and restarts pass through, each two processes that talk to each other
accept each other's leaf (design.md 5). Who refuses whose leaf is told once, at the first moment at which he may. Pure, and as fast for a
thousand pods as for ten, as processes that may hold the same are one group.
*/
export const prove = ({plan, observation, folders, beside = [], now}: ProofInput): StateProof => {
	const judge = judgeAt(now);
	const moments = follow(plan, observation, folders).map(({when, groups}) => {
		const parties = [...groups, ...beside].map(group => partyOf(group));
		return {when, parties, meetings: meetingsOf(parties, plan.cluster, judge)};
	});
	const unsafe = new Map<string, Unsafe>();
	for (const [index, {when, parties, meetings}] of moments.entries()) {
		for (const {verifier, presenter, as, leaf, reason} of meetings.flatMap(({refused}) => refused)) {
			const id = `${parties.indexOf(verifier)} ${leaf.digest}`;
			unsafe.set(id, unsafe.get(id) ?? {
				moment: when, verifier: groupWords(verifier.group), presenter: groupWords(presenter.group), as, leaf: leaf.certificates[0], reason, already: index === 0,
			});
		}
	}

	return {
		moments,
		processes: sum(moments[0]!.parties.map(({group}) => Math.max(1, group.pods.length))),
		states: sum(moments.flatMap(({parties}) => parties.map(party => statesOf(party)))),
		pairs: sum(moments.flatMap(({meetings}) => meetings.map(({pairs}) => pairs))),
		unsafe: unsafe.values().toArray(),
	};
};
