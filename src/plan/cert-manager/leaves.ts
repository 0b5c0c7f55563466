import {components, secretName} from '../../cluster/components.ts';
import {nextOf} from '../../cluster/issuance.ts';
import type {Cluster, ComponentName, Issuance} from '../../cluster/types.ts';
import {copyRecord, takeValue} from '../object-lines.ts';
import {headings, step} from '../steps.ts';
import type {Condition, Line, Step} from '../types.ts';
import {nextLeaf} from './next.ts';

/** What stands in the place of `cfssl gencert`: a leaf and its key from the Secret of its next Certificate. */
export const takeLeaf = (cluster: Cluster, component: ComponentName): Line => {
	const {file} = components[component];
	const secret = nextOf(secretName(cluster.name, component));
	return {
		commands: [takeValue(cluster, secret, 'tls.crt', `${file}.pem`), takeValue(cluster, secret, 'tls.key', `${file}-key.pem`)],
		changes: 'files',
		item: {number: 1, title: 'Take the new certificates of each component'},
	};
};

/** New leaves of the next CA, in Secrets of their own. */
export const nextLeavesStep = (cluster: Cluster, issuance: Issuance, gate: Condition[]): Step => {
	const leaves = [
		...cluster.components.map(component => ({certificate: issuance.certificates[component]!, secret: secretName(cluster.name, component)})),
		...issuance.others,
	];
	return step({
		id: 'reissue.next',
		phase: 'reissue',
		title: 'Item 1: ask cert-manager for new certificates, in Secrets of their own',
		docs: headings.reissue,
		needs: gate,
		lines: leaves.map(({certificate, secret}) => copyRecord(nextLeaf(issuance, certificate, secret))),
		independent: true,
		done: leaves.flatMap(({certificate, secret}): Condition[] => [
			{is: 'ready', kind: 'Certificate', name: nextOf(certificate)}, {is: 'issued', secret: nextOf(secret), by: 'ca.new.pem'},
		]),
		// They stay there when somebody turns round: it is the folder that tells the way.
		skip: cluster.components.map(component => ({is: 'signed', component, by: 'ca.new.pem'})),
		limit: 'while it progresses',
	});
};
