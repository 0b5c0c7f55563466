import type {Cluster} from '../cluster/types.ts';
import {backupStep, changeRequests, type Texts} from './folder.ts';
import {
	apply,
	create,
	deletePods,
	makeCa,
	sign,
} from './lines.ts';
import {
	each,
	everySecret,
	running,
	step,
} from './steps.ts';
import type {Plan, Step, Target} from './types.ts';

const docs = 'enable-tls-between-components.md#using-cfssl';
const ca = {certificate: 'ca.pem', key: 'ca-key.pem'};

const target = (cluster: Cluster): Target => ({
	route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
});

const makeCaStep = (title: string): Step => step({
	id: 'issue.ca', phase: 'issue', title, docs, lines: [makeCa({number: 4, title: 'Make the CA'})], done: [{is: 'folder', file: 'ca.pem', of: ['ca.pem']}],
});

const signStep = (cluster: Cluster): Step => step({
	id: 'issue.sign',
	phase: 'issue',
	title: 'Make the certificates of the components',
	docs,
	lines: cluster.components.map(component => sign(component, ca, {number: 5, title: 'Make the certificates'})),
	independent: true,
	done: cluster.components.map(component => ({is: 'signed', component, by: 'ca.pem'})),
});

/** The first certificates and Secrets of a cluster, by the commands of the documents' page "enable TLS between components". */
export const firstIssue = (cluster: Cluster, {requests, hasCa}: {requests: Texts; hasCa: boolean}): Plan => ({
	cluster,
	target: target(cluster),
	from: 0,
	steps: [
		...(Object.keys(requests).length > 0 ? [changeRequests(requests)] : []),
		...(hasCa ? [] : [makeCaStep('Make the CA certificate and key')]),
		signStep(cluster),
		step({
			id: 'issue.secrets',
			phase: 'issue',
			title: 'Make the Secrets',
			docs,
			lines: cluster.components.map(component => create(cluster, component, 'ca.pem', {number: 6, title: 'Make the Secrets'})),
			independent: true,
			done: everySecret(cluster, 'ca.pem', true),
		}),
	],
});

/**
The way out when the CA has expired or is lost: no rolling restart can bridge old and new, so every Secret gets the new CA and
leaves, and then the pods are deleted, PD first (tidb-facts 3.3 and 5.A.1). A declared outage.
*/
export const outageIssue = (cluster: Cluster, {requests, files}: {requests: Texts; files: string[]}): Plan => ({
	cluster,
	target: target(cluster),
	from: 0,
	steps: [
		backupStep(cluster, files),
		...(Object.keys(requests).length > 0 ? [changeRequests(requests)] : []),
		makeCaStep('Make a new CA; the old one stays in the backup'),
		signStep(cluster),
		step({
			id: 'issue.apply',
			outage: true,
			phase: 'issue',
			title: 'Write the new CA and the new certificates to the Secrets',
			docs,
			lines: cluster.components.map(component => apply(cluster, component, 'ca.pem', {number: 6, title: 'Update the Secrets'})),
			independent: true,
			done: everySecret(cluster, 'ca.pem', true),
		}),
		...running(cluster).map(component => step({
			id: `issue.recreate.${component}`,
			outage: true,
			phase: 'issue',
			title: `Delete the ${component} pods and wait for their successors`,
			docs,
			lines: [deletePods(cluster, component)],
			done: [{is: 'recreated', component}],
			limit: 'while it progresses',
		})),
		step({
			id: 'issue.verify',
			outage: true,
			phase: 'issue',
			title: 'See that every pod serves the certificate of its Secret and accepts the new client certificate',
			docs,
			lines: [],
			done: each(cluster, component => ({is: 'serves', component})),
			limit: 'while it progresses',
		}),
	],
});
