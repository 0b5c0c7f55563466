import {
	datedOf,
	expiredFix,
	expiredUnused,
	outlivingProblems,
	timeProblems,
} from '../judge/expiry.ts';
import {heldBy, leavesOf} from '../judge/held.ts';
import type {Evidence, Finding} from './types.ts';

/** Leaves, and the CAs that signed them, that are not valid now; a CA is no component's own. */
export const expiryFindings = (evidence: Evidence): Finding[] => datedOf(heldBy(evidence)).flatMap(dated =>
	timeProblems(dated, evidence.observation.now, expiredFix(dated, evidence.cluster)).map((problem): Finding => ({
		...problem, proof: 'chain', ...(dated.is === 'leaf' && {component: dated.held.component}),
	})));

/** CAs that have expired, but signed nothing that is in use. */
export const idleNotes = (evidence: Evidence): string[] => expiredUnused(heldBy(evidence), evidence.observation.now).map(({what}) => `${what}: it can be retired`);

/** Leaves that are valid for longer than every CA that vouches for them: they end with it, whatever they say. */
export const outlivingFindings = (evidence: Evidence): Finding[] =>
	outlivingProblems(leavesOf(evidence), evidence.cluster).map(({held: {component}, ...problem}) => ({...problem, proof: 'chain', component}));
