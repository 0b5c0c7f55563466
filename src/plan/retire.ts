import type {Cluster} from '../cluster/types.ts';
import {consumersReady, consumersStep} from './consumers.ts';
import {apply} from './lines.ts';
import {answered} from './outside.ts';
import {sourcesOf} from './sources.ts';
import {
	each,
	everySecret,
	headings,
	restartSteps,
	step,
} from './steps.ts';
import type {Step} from './types.ts';

/**
Phase retire, the documents' optional section "Remove the original CA certificate": the new CA alone in every Secret, a rolling
restart, and the folder back in the documents' starting shape, so that the procedure can be done again (tidb-facts 5.A.20).
*/
export const retire = (cluster: Cluster, {strict, handled, isRenewed}: {strict: boolean; handled: string[]; isRenewed: boolean}): Step[] => [
	consumersStep(cluster, 'retire', handled),
	step({
		id: 'retire.apply',
		phase: 'retire',
		title: 'Item 1: write the new CA certificate alone to the Secrets',
		docs: headings.retire,
		// No CA is taken away while anything still serves or presents a leaf of it (design.md 4).
		needs: [
			...sourcesOf(cluster).beforeWrite,
			consumersReady(handled, {leaves: true}),
			...answered(cluster, 'retire', handled),
			...cluster.components.flatMap(component => [{is: 'verifies', component, by: 'ca.new.pem'}, {is: 'kept', component}] as const),
			...each(cluster, component => ({is: 'serves', component})),
		],
		lines: cluster.components.map(component => apply(cluster, component, 'ca.new.pem', {number: 1, title: 'Update the Secrets with the new CA certificate'})),
		independent: true,
		done: everySecret(cluster, 'ca.new.pem', true),
	}),
	...restartSteps(cluster, {phase: 'retire', bundle: 'ca.new.pem', item: 2}),
	step({
		id: 'retire.verify',
		phase: 'retire',
		title: 'See that every pod accepts the new client certificate and no longer the old one',
		docs: headings.retire,
		lines: [],
		done: each(cluster, component => ({is: 'rejects-old', component, strict})),
		limit: 'while it progresses',
	}),
	...sourcesOf(cluster).atTheEnd(isRenewed),
];
