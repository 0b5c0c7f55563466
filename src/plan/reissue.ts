import {withHosts} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
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
import type {Condition, Step} from './types.ts';

export type ReissueOptions = {
	/** The files of the CA that signs: `ca.new.pem` after trust, `ca.pem` when the CA stays. */
	ca: {certificate: string; key: string};
	/** Whose leaves are renewed. */
	leaves: ComponentName[];
	/** Every process must first have proved that it trusts the signing CA; not where the CA is the one they all run with. */
	gate: Condition[];
	/** The pods cannot be asked yet, nor the operator (a leaf has expired): see that the new leaves are served before the restart. */
	cure: boolean;
	/** Consumers for which a person answers. */
	handled: string[];
	/** Phase retire follows. */
	isRetired?: boolean;
};

/**
Phase reissue, the documents' section "Renew and replace certificates between components": new leaves, written to the Secrets
(and from that moment served, without a restart: tidb-facts 1.6), then a rolling restart.
*/
export const reissue = (cluster: Cluster, {
	ca, leaves, gate, cure, handled, isRetired = false,
}: ReissueOptions): Step[] => {
	const renewed = cluster.components.filter(component => leaves.includes(component));
	const restarted = withHosts(cluster, renewed);
	const served = each(cluster, component => ({is: 'serves', component}));
	const signed = (component: ComponentName): Condition[] => [{is: 'signed', component, by: ca.certificate}];
	// Where the CA stays, others have nothing to be ready for.
	const isNewCa = ca.certificate !== 'ca.pem';
	const {beforeLeaves, beforeWrite, leaf} = sourcesOf(cluster);
	return [
		...(isNewCa ? [consumersStep(cluster, 'reissue', handled)] : []),
		...beforeLeaves(gate),
		step({
			id: 'reissue.sign',
			phase: 'reissue',
			title: 'Item 1: make new certificates by the components\' requests',
			docs: headings.reissue,
			needs: gate,
			lines: renewed.map(component => leaf(component, ca)),
			independent: true,
			done: [
				...renewed.flatMap(component => signed(component)),
				...(isNewCa ? [] : [{is: 'renewed', components: renewed} as const]),
			],
			// Leaves that were signed are no step on the way while a Secret lacks their CA again, as in the middle of a way back.
			skip: everySecret(cluster, 'ca.pem', false).map(condition => ({...condition, ...(isNewCa && {later: ca.certificate})})),
		}),
		step({
			id: 'reissue.apply',
			phase: 'reissue',
			title: 'Item 2: write the new certificates to the Secrets',
			docs: headings.reissue,
			needs: [
				...beforeWrite,
				...(isNewCa ? [consumersReady(handled, {leaves: false}), ...answered(cluster, 'reissue', handled)] : []),
				...gate,
				...renewed.flatMap(component => [...signed(component), {is: 'signed', component, by: 'ca.pem'} as const]),
			],
			lines: renewed.map(component => apply(cluster, component, 'ca.pem', {number: 2, title: 'Update the Secrets with the new certificates'})),
			independent: true,
			// The old leaves are in Secrets with this bundle too, after trust: only leaves of the signing CA are this phase's.
			done: renewed.flatMap(component => [
				{
					is: 'secret', component, bundle: 'ca.pem', leaf: true,
				},
				...signed(component),
			]),
		}),
		...(cure
			? [step({
				id: 'reissue.taken',
				phase: 'reissue',
				title: 'Wait until every pod serves its new certificate (leaves are reloaded without a restart)',
				docs: headings.reissue,
				lines: [],
				done: served,
				limit: 'while it progresses',
			})]
			: []),
		...restartSteps(restarted, {
			phase: 'reissue', bundle: 'ca.pem', item: 3, isOfLeaves: true, also: signed, ...(isRetired && {later: 'ca.new.pem'}),
		}),
		step({
			id: 'reissue.verify',
			phase: 'reissue',
			title: 'See that every pod serves the certificate of its Secret and accepts the new client certificate',
			docs: headings.reissue,
			lines: [],
			done: served,
			limit: 'while it progresses',
		}),
	];
};
