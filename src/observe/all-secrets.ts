import {Buffer} from 'node:buffer';
import {readCertificates} from '../certificates/read.ts';
import {certificateAnnotation} from '../cluster/cert-manager.ts';
import {components, secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {Access} from './cluster.ts';
import {listLines} from './list-lines.ts';
import {missingSecret} from './secrets.ts';
import type {SecretFacts} from './types.ts';

const value = (key: string): string => `{{with .data}}{{with index . "${key}"}}{{.}}{{end}}{{end}}`;

/** No key: only whether there is one. */
const parts = [
	'{{.metadata.namespace}}',
	'{{.metadata.name}}',
	value('tls.crt'),
	value('ca.crt'),
	'{{with .data}}{{with index . "tls.key"}}tls.key{{end}}{{end}}',
	'{{if .immutable}}immutable{{end}}',
	`{{with .metadata.annotations}}{{with index . "${certificateAnnotation}"}}{{printf "%q" .}}{{end}}{{end}}`,
	'{{range .metadata.ownerReferences}}{{.kind}}/{{.name}} {{end}}',
];

/** Types of Secrets that hold no component's certificate; the releases of Helm are the larger part of some clusters' Secrets. */
const otherTypes = ['helm.sh/release.v1', 'kubernetes.io/service-account-token', 'kubernetes.io/dockerconfigjson', 'bootstrap.kubernetes.io/token'];
const selectors = ['--field-selector', otherTypes.map(type => `type!=${type}`).join(',')];

/** By what the names of components' Secrets end: `-pd-cluster-secret`. */
const endings = [...new Set((Object.keys(components) as ComponentName[]).map(component => secretName('', component)))];

const isComponents = (name: string): boolean => endings.some(ending => name.endsWith(ending));

const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

const factsOf = (name: string, [leaf = '', bundle = '', key = '', immutable = '', certificate = '', owners = '']: string[]): SecretFacts => ({
	...missingSecret(name),
	exists: true,
	immutable: immutable !== '',
	keys: [...(leaf === '' ? [] : ['tls.crt']), ...(key === '' ? [] : [key]), ...(bundle === '' ? [] : ['ca.crt'])],
	leaf: readCertificates(decode(leaf)),
	bundle: readCertificates(decode(bundle)),
	annotations: certificate === '' ? {} : {[certificateAnnotation]: certificate},
	owners: owners.split(' ').filter(Boolean).map(owner => {
		const [kind = '', ownerName = ''] = owner.split('/', 2);
		return {kind, name: ownerName};
	}),
});

/**
The Secrets whose names a component's could be, of one namespace or of all, by one list call and without their keys. `onNamespace` is
called with those of one namespace, by their names, so that no more than these are held at a time.
@throws ProgramError when kubectl fails.
*/
export const eachNamespaceSecrets = async (
	access: Access,
	namespace: string | undefined,
	onNamespace: (namespace: string, secrets: Record<string, SecretFacts>) => Promise<void>,
): Promise<void> => {
	let current = '';
	let found: Record<string, SecretFacts> = {};
	const end = async (): Promise<void> => {
		if (Object.keys(found).length > 0) {
			await onNamespace(current, found);
		}
	};

	await listLines(access, {
		what: 'reading the Secrets', resources: 'secrets', namespace, selectors, parts,
	}, async ([place = '', name = '', ...rest]) => {
		if (place !== current) {
			await end();
			current = place;
			found = {};
		}

		if (isComponents(name)) {
			found[name] = factsOf(name, rest);
		}
	});
	await end();
};
