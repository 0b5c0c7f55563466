import type {Observation} from '../observe/types.ts';
import {caFiles} from './ca-files.ts';
import {reached} from './decide.ts';
import {allHold} from './judge.ts';
import {lasting} from './position.ts';
import type {Plan, Target} from './types.ts';

/**
Where a cluster stands between its old and its new certificates, in a word, and why in sentences. `trust`, `reissue` and `retire`
are the phase that is under way; `begun`: its first items, in the folder alone; `renewal`: of leaves whose CA stays; `CA renewal`: of the
CA's certificate, whose key stays; `old CA still trusted`: finished, but for retire; `unclear`: the planner touches nothing.
*/
export type Position = {
	name: 'at rest' | 'begun' | 'trust' | 'reissue' | 'old CA still trusted' | 'retire' | 'renewal' | 'CA renewal' | 'unclear';
	why: string[];
};

/** What has one phase is called by what it is. */
const names: Partial<Record<Target['route'], Position['name']>> = {'keep-ca': 'renewal', 'renew-ca': 'CA renewal'};

/** So many reasons that a step is not done are told; the rest is counted. */
const fewReasons = 4;

/** `done` and `skip` of a step may ask for the same. */
const few = (told: string[]): string[] => {
	const reasons = [...new Set(told)];
	return reasons.length > fewReasons ? [...reasons.slice(0, fewReasons), `and ${reasons.length - fewReasons} more`] : reasons;
};

/** The position from which a plan goes on. Pure; `observation` is the one that the plan was made from. */
export const positionOf = (plan: Plan, observation: Observation): Position => {
	const files = caFiles(observation);
	if (files.is === 'unclear') {
		return {name: 'unclear', why: [files.words]};
	}

	if (files.is === 'begun') {
		return {name: 'begun', why: [files.words, `left of the documents' items 1 to 3: ${files.parts.join(', ')}`]};
	}

	const isOver = plan.from > 0 && reached(plan, observation);
	if (isOver || plan.from === 0) {
		return files.is === 'combined'
			? {name: 'old CA still trusted', why: ['both CAs are in the folder\'s ca.pem, and nothing of a reissue is under way']}
			: {name: 'at rest', why: [isOver ? 'everything that was asked for is done' : 'folder, Secrets and pods agree, and the folder holds one CA']};
	}

	const last = plan.steps[plan.from - 1]!;
	const next = plan.steps.slice(plan.from).find(step => lasting(step)) ?? plan.steps[plan.from]!;
	const {reasons} = lasting(next) ? allHold([...next.done, ...next.skip], observation) : {reasons: []};
	return {
		name: names[plan.target.route] ?? (next.phase as 'trust'),
		why: [`done: ${last.title}`, `next: ${next.title}`, ...few(reasons)],
	};
};

/** A position as a person reads it. */
export const positionText = ({name, why}: Position): string => [`Position: ${name}`, ...why.map(reason => `  ${reason}`)].join('\n');
