import type {Observation} from '../observe/types.ts';
import {isAboutIssuance} from './issuance-condition.ts';
import {judgeConsumers} from './judge-consumers.ts';
import {judgeDeployed} from './judge-deployed.ts';
import {judgeFiles} from './judge-files.ts';
import {judgeGate} from './judge-gate.ts';
import {judgeIssuance} from './judge-issuance.ts';
import {judgeRoll} from './judge-roll.ts';
import {unless} from './judgement.ts';
import type {Condition, Judgement} from './types.ts';

const gates = ['trusts', 'serves', 'rejects-old', 'trusts-old', 'rejects-new', 'loads'] as const;

/** A condition that can be judged only after the pods were asked. */
export type GateCondition = Extract<Condition, {is: typeof gates[number]}>;

/** Whether a condition can be judged only after the pods were asked. */
export const isGate = (condition: Condition): condition is GateCondition => (gates as readonly string[]).includes(condition.is);

/** Whether a condition needs more than folder and cluster show at every look: an answer of the pods, or a look at what others hold. */
export const isAsked = (condition: Condition): boolean => isGate(condition) || condition.is === 'consumers';

/**
Whether a condition holds in what was observed. Pure: the only judge of every condition (design.md 3), for skipping steps,
for gates and for waits.
*/
export const holds = (condition: Condition, observation: Observation): Judgement => {
	if (isAboutIssuance(condition)) {
		return judgeIssuance(condition, observation);
	}

	switch (condition.is) {
		case 'stamped':
		case 'rolled':
		case 'reloaded':
		case 'recreated': {
			return judgeRoll(condition, observation);
		}

		case 'deployed': {
			return judgeDeployed(condition, observation);
		}

		case 'trusts':
		case 'serves':
		case 'rejects-old':
		case 'trusts-old':
		case 'rejects-new':
		case 'loads': {
			return judgeGate(condition, observation);
		}

		case 'consumers': {
			return judgeConsumers(condition, observation);
		}

		case 'answered': {
			const {who, needs, handled} = condition;
			return unless(handled.includes(who) ? [] : [`${who}: ${needs}; that is not to be seen from here`]);
		}

		case 'backup':
		case 'restored':
		case 'folder':
		case 'absent':
		case 'signed':
		case 'renewed':
		case 'kept':
		case 'secret':
		case 'successor':
		case 'verifies': {
			return judgeFiles(condition, observation);
		}
	}
};

/** Whether all conditions hold; the reasons of all that do not. */
export const allHold = (conditions: Condition[], observation: Observation): Judgement => {
	const judgements = conditions.map(condition => holds(condition, observation));
	return {
		holds: judgements.every(judgement => judgement.holds),
		reasons: judgements.flatMap(judgement => judgement.reasons),
		proofs: judgements.flatMap(judgement => judgement.proofs),
	};
};
