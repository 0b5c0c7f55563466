import type {Cluster} from '../cluster/types.ts';
import {answered} from './outside.ts';
import {headings, step} from './steps.ts';
import type {Condition, Step} from './types.ts';

/** Everybody beside the cluster who trusts the old CA trusts the new one as well, and with `leaves` has no leaf of the old one any more. */
export const consumersReady = (handled: string[], {leaves, whose = 'anyone'}: {leaves: boolean; whose?: 'anyone' | 'person'}): Condition => ({
	is: 'consumers', ca: 'ca.new.pem', old: 'ca.old.pem', leaves, whose, handled,
});

const titles = {
	reissue: 'See that whoever else trusts the old CA trusts the new one as well',
	retire: 'See that nobody else needs the old CA any more',
};

/**
The first step of a phase that others must be ready for: what a person looks after must be, what the operator copies is waited for,
until its next look.
*/
export const consumersStep = (cluster: Cluster, phase: 'reissue' | 'retire', handled: string[]): Step => {
	const leaves = phase === 'retire';
	return step({
		id: `${phase}.consumers`,
		phase,
		title: titles[phase],
		docs: headings[phase],
		needs: [consumersReady(handled, {leaves, whose: 'person'}), ...answered(cluster, phase, handled)],
		lines: [],
		done: [consumersReady(handled, {leaves})],
		limit: 'while it progresses',
	});
};
