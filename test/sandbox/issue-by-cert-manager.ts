import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {parseAllDocuments} from 'yaml';
import {certificateObjects} from '../../src/cluster/certificate-objects.ts';
import {secretName} from '../../src/cluster/names.ts';
import {render} from '../../src/cluster/templates.ts';
import type {ComponentName, Microservice} from '../../src/cluster/types.ts';
import {type Kube, type KubeObject, resources} from './kube.ts';
import {certifiedOf, microservicesOf, podAddresses} from './pod-addresses.ts';
import {type Sandbox, statePaths} from './state.ts';

type Certificate = KubeObject & {
	spec: {secretName: string};
	status?: {conditions?: Array<{type: string; status: string; message: string}>};
};

/** The names of PD's microservices, as the request for cfssl would have them. */
const microserviceNames = (sandbox: Sandbox): string[] => {
	const {cluster: name, namespace} = sandbox;
	const hostsWith = (guests: Microservice[]) => (JSON.parse(render('pd', {name, namespace, guests})) as {hosts: string[]}).hosts;
	const own = new Set(hostsWith([]));
	return hostsWith(microservicesOf(sandbox)).filter(host => !own.has(host));
};

/** The documents' objects for the sandbox's cluster, with the pods' addresses in the Certificates. */
const objectsOf = (sandbox: Sandbox): string => {
	const {cluster: name, namespace} = sandbox;
	const servers = certifiedOf(sandbox);
	const documents = parseAllDocuments(certificateObjects({name, namespace}, [...servers, 'client']));
	const certificateOf = (component: ComponentName) => documents.find(document => document.getIn(['metadata', 'name']) === secretName(name, component))!;
	for (const host of microserviceNames(sandbox)) {
		certificateOf('pd').addIn(['spec', 'dnsNames'], host);
	}

	for (const component of servers) {
		const certificate = certificateOf(component);
		for (const address of podAddresses(sandbox, component)) {
			certificate.addIn(['spec', 'ipAddresses'], address);
		}
	}

	return documents.map(String).join('');
};

/** What is still missing of a Certificate, in words; undefined when it is Ready and its Secret is there. */
const missing = ({metadata: {name}, spec, status}: Certificate, secrets: ReadonlySet<string>): string | undefined => {
	const ready = status?.conditions?.find(({type}) => type === 'Ready');
	if (ready?.status !== 'True') {
		return `${name} is not Ready: ${ready?.message ?? 'no status yet'}`;
	}

	return secrets.has(spec.secretName) ? undefined : `there is no Secret ${spec.secretName}`;
};

const waitUntilIssued = async (kube: Kube, namespace: string, limit = 60_000): Promise<void> => {
	const until = Date.now() + limit;

	for (;;) {
		const [{items: certificates}, {items: secrets}] = await Promise.all([
			kube.list<Certificate>(resources.certificates, namespace), kube.list(resources.secrets, namespace),
		]);
		const names = new Set(secrets.map(({metadata}) => metadata.name));
		const left = certificates.map(certificate => missing(certificate, names)).filter(one => one !== undefined);
		if (left.length === 0) {
			return;
		}

		if (Date.now() > until) {
			throw new Error(`cert-manager has not issued all certificates after ${limit / 1000} s:\n${left.join('\n')}`);
		}

		await sleep(100);
	}
};

/**
Makes the first certificates and Secrets of the sandbox's cluster by the documents' objects for cert-manager, whose controller runs.

@throws Error with what is missing when they are not issued within a minute.
*/
export const issueByCertManager = async (kube: Kube, state: string, sandbox: Sandbox): Promise<void> => {
	await execa(sandbox.programs.kubectl, ['apply', '--filename', '-'], {env: {KUBECONFIG: statePaths(state).kubeconfig}, input: objectsOf(sandbox)});
	await waitUntilIssued(kube, sandbox.namespace);
};
