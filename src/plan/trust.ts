import type {Cluster} from '../cluster/types.ts';
import {allParts, type CaPart} from './ca-files.ts';
import {apply} from './lines.ts';
import {sourcesOf} from './sources.ts';
import {
	everySecret,
	headings,
	restartSteps,
	step,
} from './steps.ts';
import type {Condition, Step} from './types.ts';

/**
Phase trust, the documents' section "Renew and replace the CA certificate": a new CA beside the old one, both in every Secret
with the leaves that are there, then a rolling restart, since no component reloads its CA reliably.
Of items 1 to 3 only `parts` are done: all, unless somebody began. `from`: the folder of another cluster that has made the new CA.
*/
export const trust = (cluster: Cluster, parts: CaPart[] = allParts, from?: string): Step[] => [
	...sourcesOf(cluster).newCa(parts, from),
	step({
		id: 'trust.apply',
		phase: 'trust',
		title: 'Item 4: write the combined CA certificate to the Secrets, with the leaves they have',
		docs: headings.trust,
		// A Secret whose own bundle does not verify its leaf is never written (design.md 8).
		needs: [...sourcesOf(cluster).beforeWrite, ...cluster.components.flatMap(component => [{is: 'verifies', component, by: 'ca.pem'}, {is: 'kept', component}] as const)],
		lines: cluster.components.map(component => apply(cluster, component, 'ca.pem', {number: 4, title: 'Update the Secrets with the combined CA certificate'})),
		independent: true,
		done: everySecret(cluster, 'ca.pem', true),
	}),
	...restartSteps(cluster, {phase: 'trust', bundle: 'ca.pem', item: 5}),
];

/** The end of a run that stops after trust: what the next phase will ask first is asked now. */
export const proveTrust = (gate: Condition[]): Step => step({
	id: 'trust.verify',
	phase: 'trust',
	title: 'See that every pod trusts the new CA',
	docs: headings.trust,
	lines: [],
	done: gate,
	limit: 'while it progresses',
});
