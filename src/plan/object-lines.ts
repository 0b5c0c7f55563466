import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Command, Line, Word} from './types.ts';

/** Objects of cert-manager, by the names that no other API group has. */
const resources = {Certificate: 'certificates.cert-manager.io', Issuer: 'issuers.cert-manager.io', Secret: 'secrets'} as const;

type Kind = keyof typeof resources;

type Json = Record<string, unknown>;

const one = (...stages: Command['stages']): Command => ({stages});

/** What the API server gives to an object, and would not take from a new one. */
const unbound = {
	uid: null, resourceVersion: null, generation: null, creationTimestamp: null, managedFields: null,
};

/** The same without what says whose an object is: for one of ours that is made after it. */
const ownless = {
	...unbound, ownerReferences: null, labels: null, annotations: null,
};

/** The base64 of some text, as data of a Secret has it, without the line breaks that some programs make. */
const encoded = (text: string): string => String.raw`"$(${text} | base64 | tr -d '\n')"`;

const get = ({namespace}: Cluster, kind: Kind, name: string): Word[] => ['kubectl', 'get', resources[kind], name, `--namespace=${namespace}`, '-o', 'json'];

/** Changes an object on its way through a pipe, or, with `file`, from a file. */
const changed = (patch: Word, file = '-'): Word[] => ['kubectl', 'patch', '--local', '-f', file, '--type=merge', '-p', patch, '-o', 'json'];

const apply: Word[] = ['kubectl', 'apply', '-f', '-'];

/** Not by client-side apply, which would put the private key into an annotation; the fields are cert-manager's until then. */
const applySecret: Word[] = ['kubectl', 'apply', '--server-side', '--force-conflicts', '-f', '-'];

export type Copy = {kind: 'Certificate' | 'Issuer'; from: string; to: string; spec: Json};

const copyPatch = ({to, spec}: Copy): string => JSON.stringify({metadata: {name: to, ...ownless}, spec, status: null});

/** Makes an object of cert-manager after another one, or puts one that is there in order; `spec` is what differs. */
export const copyObject = (cluster: Cluster, copy: Copy): Line => ({
	commands: [one(get(cluster, copy.kind, copy.from), changed(copyPatch(copy)), apply)],
	changes: 'cluster',
});

/** The file of the cluster folder in which a Certificate stands while it is put aside. */
export const recordFile = (certificate: string): string => `certificate-${certificate}.json`;

/** The same after one that is put aside. */
export const copyRecord = (copy: Copy): Line => ({
	commands: [one(changed(copyPatch(copy), recordFile(copy.from)), apply)],
	changes: 'cluster',
});

/** Writes a Certificate down as it can be made again. */
export const recordCertificate = (cluster: Cluster, certificate: string): Line => ({
	commands: [{
		stages: [get(cluster, 'Certificate', certificate), changed(JSON.stringify({metadata: unbound, status: null}))],
		stdout: recordFile(certificate),
	}],
	changes: 'files',
});

/** Makes a Certificate again that was put aside. */
export const returnCertificate = (certificate: string): Line => ({
	commands: [one(['kubectl', 'apply', '-f', recordFile(certificate)])],
	changes: 'cluster',
});

/** Deletes objects, each of which may be gone already. */
export const remove = ({namespace}: Cluster, kind: Kind, names: string[]): Line => ({
	commands: [one(['kubectl', 'delete', resources[kind], ...names, `--namespace=${namespace}`, '--ignore-not-found'])],
	changes: 'cluster',
});

/** Writes what one Secret holds over another, whose annotations stay. `bundle`: files whose CAs become its ca.crt. */
export const copySecret = (cluster: Cluster, {from, to, bundle}: {from: string; to: string; bundle?: string[]}): Line => {
	const head = JSON.stringify({metadata: {name: to, ...ownless}}).slice(0, -1);
	const text: Word = bundle
		? {shell: `'${head},"data":{"ca.crt":"'${encoded(`cat ${bundle.join(' ')}`)}'"}}'`}
		: `${head}}`;
	return {commands: [one(get(cluster, 'Secret', from), changed(text), applySecret)], changes: 'cluster'};
};

/** Takes a value of a Secret into a file. */
export const takeValue = ({namespace}: Cluster, secret: string, key: 'tls.crt' | 'tls.key', file: string): Command => ({
	stages: [
		['kubectl', 'get', 'secret', secret, `--namespace=${namespace}`, '-o', `jsonpath={.data.${key.replace('.', String.raw`\.`)}}`],
		['base64', '--decode'],
	],
	stdout: file,
});

/**
Asks cert-manager to issue a Certificate's leaf again, as `cmctl renew` does: one condition of its status, which may be there from an earlier
time. By its time cert-manager tells a request that failed before from one that is to be taken.
*/
export const renew = ({namespace}: Cluster, certificate: string): Line => {
	const [head, tail] = JSON.stringify({
		apiVersion: 'cert-manager.io/v1',
		kind: 'Certificate',
		metadata: {name: certificate, namespace},
		status: {
			conditions: [{
				type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'Certificate re-issuance manually triggered', lastTransitionTime: 'now',
			}],
		},
	}).split('now') as [string, string];
	return {
		commands: [one(
			['printf', '%s', {shell: `'${head}'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'${tail}'`}],
			['kubectl', 'apply', '--server-side', '--force-conflicts', '--subresource=status', '-f', '-'],
		)],
		changes: 'cluster',
	};
};

/** Writes a Secret as a backup has it, its annotations too. */
export const restoreSecret = (backup: string, file: string): Line => ({
	commands: [one(changed(JSON.stringify({metadata: unbound}), `backups/${backup}/${file}`), applySecret)],
	changes: 'cluster',
});

/** The documents' line that deletes a Secret; cert-manager makes it again. */
export const deleteSecret = ({namespace}: Cluster, secret: string): Line => ({
	commands: [one(['kubectl', 'delete', 'secret', secret, `--namespace=${namespace}`])],
	changes: 'cluster',
});

/** The documents' line that deletes a pod, for every pod of a component. */
export const deletePodsByName = ({name, namespace}: Cluster, component: ComponentName): Line => {
	const selector = `--selector=app.kubernetes.io/instance=${name},app.kubernetes.io/component=${component}`;
	return {
		commands: [
			one([{shell: `pod_name=$(kubectl get pods --namespace=${namespace} ${selector} -o 'jsonpath={.items[*].metadata.name}')`}]),
			// eslint-disable-next-line no-template-curly-in-string -- the documents' variable is the shell's
			one(['kubectl', 'delete', '-n', namespace, 'pod', {shell: '${pod_name}'}]),
		],
		changes: 'cluster',
	};
};
