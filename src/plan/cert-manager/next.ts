import {clientComponent, secretName} from '../../cluster/components.ts';
import {nextCaSecret, nextOf, rehearsalName} from '../../cluster/issuance.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import {
	type Copy,
	copyObject,
	remove,
	takeValue,
} from '../object-lines.ts';
import {headings, step} from '../steps.ts';
import type {Command, Condition, Step} from '../types.ts';

/** What a leaf's Certificate has when it is made anew beside the present one, signed by the next CA. */
export const nextLeaf = ({issuer}: Issuance, certificate: string, secret: string): Copy => ({
	kind: 'Certificate', from: certificate, to: nextOf(certificate), spec: {secretName: nextOf(secret), issuerRef: {name: nextOf(issuer)}},
});

/** The next Issuer signs: its CA is there. */
const issuerReady = ({issuer}: Issuance): Condition => ({is: 'ready', kind: 'Issuer', name: nextOf(issuer)});

/** A second CA and Issuer beside the present ones. */
const nextCaStep = (cluster: Cluster, issuance: Issuance): Step => {
	const {issuer, ca} = issuance;
	return step({
		id: 'trust.next',
		phase: 'trust',
		title: 'Ask cert-manager for a new CA and Issuer beside the present ones',
		docs: headings.trust,
		lines: [
			copyObject(cluster, {
				kind: 'Certificate', from: ca.certificate, to: nextOf(ca.certificate), spec: {secretName: nextCaSecret(issuance)},
			}),
			copyObject(cluster, {
				kind: 'Issuer', from: issuer, to: nextOf(issuer), spec: {ca: {secretName: nextCaSecret(issuance)}},
			}),
		],
		done: [{is: 'ready', kind: 'Certificate', name: nextOf(ca.certificate)}, issuerReady(issuance)],
		limit: 'while it progresses',
	});
};

/** The new CA's Certificate is put aside before anything is signed by it: a renewal of it would be one more CA. */
const keepCaStep = (cluster: Cluster, issuance: Issuance): Step => {
	const certificate = nextOf(issuance.ca.certificate);
	return step({
		id: 'trust.keep',
		phase: 'trust',
		title: 'Put the Certificate of the new CA aside, so that this CA stays the one that is signed by',
		docs: headings.trust,
		needs: [{is: 'unowned', secrets: [nextCaSecret(issuance)]}],
		lines: [remove(cluster, 'Certificate', [certificate])],
		done: [{is: 'gone', kind: 'Certificate', names: [certificate]}, issuerReady(issuance)],
	});
};

/** The client's next leaf, by which every process will be asked whether it trusts the new CA. */
const nextClientStep = (cluster: Cluster, issuance: Issuance): Step => {
	const component = clientComponent(cluster);
	const client = issuance.certificates[component]!;
	const leaf = nextLeaf(issuance, client, secretName(cluster.name, component));
	return step({
		id: 'trust.client',
		phase: 'trust',
		title: 'Ask cert-manager for a client certificate of the new CA',
		docs: headings.trust,
		lines: [copyObject(cluster, leaf)],
		done: [issuerReady(issuance), {is: 'ready', kind: 'Certificate', name: nextOf(client)}],
		limit: 'while it progresses',
	});
};

/** Beside the cluster's own objects: a new CA that stays as it is, an Issuer that signs by it, and a client certificate of it. */
export const nextCaSteps = (cluster: Cluster, issuance: Issuance): Step[] => [nextCaStep(cluster, issuance), keepCaStep(cluster, issuance), nextClientStep(cluster, issuance)];

/** The canary's files: the client's next leaf. */
export const canaryFiles = ['client.new.pem', 'client-key.new.pem'];

const combine: Command = {stages: [['cat', 'ca.new.pem', 'ca.old.pem']], stdout: 'ca.pem'};

/** The folder, in the shape that the documents' items 1 to 3 leave for cfssl; the new CA's key stays where cert-manager has it. */
export const takeCaStep = (cluster: Cluster, issuance: Issuance): Step => {
	const client = nextOf(secretName(cluster.name, clientComponent(cluster)));
	const [certificate, key] = canaryFiles;
	return step({
		id: 'trust.ca',
		phase: 'trust',
		title: 'Take the new CA into the folder and combine it with the old one',
		docs: headings.trust,
		lines: [{
			commands: [
				{stages: [['mv', 'ca.pem', 'ca.old.pem']]},
				takeValue(cluster, nextCaSecret(issuance), 'tls.crt', 'ca.new.pem'),
				takeValue(cluster, client, 'tls.crt', certificate!),
				takeValue(cluster, client, 'tls.key', key!),
				combine,
			],
			changes: 'files',
		}],
		done: [
			{is: 'folder', file: 'ca.pem', of: ['ca.new.pem', 'ca.old.pem']},
			{is: 'issued', secret: client, by: 'ca.new.pem'},
		],
	});
};

/** Everything that a rotation makes beside the cluster's own objects. */
export const nextNames = (cluster: Cluster, issuance: Issuance): Record<'Certificate' | 'Issuer' | 'Secret', string[]> => {
	const {issuer, ca, certificates, others} = issuance;
	const leaves = [
		...cluster.components.map(component => ({certificate: certificates[component]!, secret: secretName(cluster.name, component)})),
		...others,
	];
	const rehearsal = rehearsalName(cluster);
	return {
		Certificate: [...leaves.map(({certificate}) => nextOf(certificate)), nextOf(ca.certificate), rehearsal, nextOf(rehearsal)],
		Issuer: [nextOf(issuer)],
		Secret: [...leaves.map(({secret}) => nextOf(secret)), nextCaSecret(issuance), rehearsal, nextOf(rehearsal)],
	};
};

/** What a rotation made beside the cluster's own objects goes. */
export const removeNext = (cluster: Cluster, issuance: Issuance, phase: 'retire' | 'rollback', skip: Condition[] = []): Step => {
	const names = nextNames(cluster, issuance);
	const kinds = Object.keys(names) as Array<keyof typeof names>;
	return step({
		id: `${phase}.next`,
		phase,
		title: 'Remove the objects that were made beside the cluster\'s own',
		docs: headings[phase],
		// In this order: a Certificate that is there makes its Secret again.
		lines: kinds.map(kind => remove(cluster, kind, names[kind])),
		done: kinds.map(kind => ({is: 'gone', kind, names: names[kind]})),
		skip,
		limit: 'while it progresses',
	});
};
