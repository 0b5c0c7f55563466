import {secretName} from '../../cluster/components.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import {takeBundle, takeFromSecret} from '../lines.ts';
import {deletePodsByName, deleteSecret} from '../object-lines.ts';
import {
	each,
	headings,
	running,
	step as usualStep,
} from '../steps.ts';
import type {Condition, Step} from '../types.ts';
import {issuedAnew} from './leaves-only.ts';

const step = (parts: Omit<Parameters<typeof usualStep>[0], 'phase'>): Step => usualStep({phase: 'reissue', docs: headings.outage, ...parts});

/**
A new CA and its leaves, the documents' section "Renew and replace the CA certificate and certificates between components": Secrets are deleted
and made again by cert-manager, and then pods are deleted, since until then each refuses the others. An outage.
*/
export const outage = (cluster: Cluster, issuance: Issuance): Step[] => {
	const {ca, issuer} = issuance;
	const newCa: Condition[] = [
		{
			is: 'ca-secret', secret: ca.secret, file: 'ca.pem', another: true,
		}, {is: 'ready', kind: 'Certificate', name: ca.certificate}, {is: 'ready', kind: 'Issuer', name: issuer},
	];
	const anew = cluster.components.flatMap(component => issuedAnew(issuance, component));
	return [
		step({
			id: 'reissue.ca',
			title: 'Item 1: delete the CA\'s Secret, and wait until cert-manager has made a new CA',
			lines: [{...deleteSecret(cluster, ca.secret), item: {number: 1, title: 'Have cert-manager make a new CA'}}],
			done: newCa,
			limit: 'while it progresses',
		}),
		step({
			id: 'reissue.secrets',
			outage: true,
			title: 'Items 2 and 3: delete the components\' Secrets, and wait until cert-manager has made them again',
			needs: newCa,
			lines: cluster.components.map(component => ({
				...deleteSecret(cluster, secretName(cluster.name, component)), item: {number: 2, title: 'Delete the Secrets of the components\' certificates'},
			})),
			done: anew,
			limit: 'while it progresses',
		}),
		...running(cluster).map(component => step({
			id: `reissue.recreate.${component}`,
			outage: true,
			title: `Item 4: delete the ${component} pods and wait for their successors`,
			lines: [{...deletePodsByName(cluster, component), item: {number: 4, title: 'Delete the pods of PD, TiKV and TiDB'}}],
			done: [{is: 'recreated', component}],
			// The pods of the time before are newer than the Secrets of that time, too.
			skip: anew,
			limit: 'while it progresses',
		})),
		step({
			id: 'reissue.take',
			outage: true,
			title: 'Take the new CA and the new certificates into the folder',
			lines: [takeBundle(cluster, cluster.components[0]!), ...cluster.components.map(component => takeFromSecret(cluster, component))],
			done: [{
				is: 'ca-secret', secret: ca.secret, file: 'ca.pem', another: false,
			}, ...cluster.components.map(component => ({is: 'kept', component} as const))],
		}),
		step({
			id: 'reissue.verify',
			outage: true,
			title: 'See that every pod serves the certificate of its Secret and accepts the new client certificate',
			lines: [],
			done: each(cluster, component => ({is: 'serves', component})),
			limit: 'while it progresses',
		}),
	];
};
