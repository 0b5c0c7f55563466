import {secretName} from '../../cluster/components.ts';
import type {Cluster, ComponentName, Issuance} from '../../cluster/types.ts';
import {takeFromSecret} from '../lines.ts';
import {deleteSecret, renew} from '../object-lines.ts';
import {each, headings, step} from '../steps.ts';
import type {Condition, Step, Target} from '../types.ts';

/** A component's leaf is another one, and its Certificate at rest. */
export const issuedAnew = ({ca, certificates}: Issuance, component: ComponentName): Condition[] => [
	{is: 'anew', component, signer: ca.secret}, {is: 'ready', kind: 'Certificate', name: certificates[component]!},
];

/** What the pods serve is asked with the client's new leaf. */
const takeStep = (cluster: Cluster, leaves: ComponentName[]): Step => step({
	id: 'reissue.take',
	phase: 'reissue',
	title: 'Take the new certificates into the folder',
	docs: headings.leaves,
	lines: leaves.map(component => takeFromSecret(cluster, component)),
	independent: true,
	done: leaves.map(component => ({is: 'kept', component})),
});

/**
New leaves of the present CA, the documents' section "Only renew and replace certificates between components": cert-manager issues them, and
every process reloads its leaf, so nothing is restarted. By itself each Certificate is asked for, so that no Secret is ever missing; the documents
delete the Secrets.
*/
export const leavesOnly = (cluster: Cluster, issuance: Issuance, {leaves, asDocumented = false}: Target): Step[] => {
	const item = {number: 1, title: 'Have cert-manager issue the certificates between components'};
	const renewed = cluster.components.filter(component => leaves.includes(component));
	return [
		step({
			id: 'reissue.renew',
			phase: 'reissue',
			title: asDocumented ? 'Item 1: delete the Secrets, and wait until cert-manager has made them again' : 'Item 1: have cert-manager issue each certificate again, and wait for it',
			docs: headings.leaves,
			lines: renewed.map(component => ({
				...(asDocumented ? deleteSecret(cluster, secretName(cluster.name, component)) : renew(cluster, issuance.certificates[component]!)), item,
			})),
			done: renewed.flatMap(component => issuedAnew(issuance, component)),
			limit: 'while it progresses',
		}),
		takeStep(cluster, renewed),
		step({
			id: 'reissue.verify',
			phase: 'reissue',
			title: 'Item 2: see that every pod serves the certificate of its Secret, without a restart',
			docs: headings.leaves,
			lines: [],
			done: each(cluster, component => ({is: 'serves', component, wakes: true})),
			limit: 'while it progresses',
		}),
	];
};
