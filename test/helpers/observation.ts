import {readCertificates, readKey as parseKey} from '../../src/certificates/read.ts';
import {remembering} from '../../src/certificates/remember.ts';
import type {KeyFacts} from '../../src/certificates/types.ts';
import {components, secretName} from '../../src/cluster/components.ts';
import {render, templateFile} from '../../src/cluster/templates.ts';
import type {Cluster, ComponentName} from '../../src/cluster/types.ts';
import type {
	Observation,
	PodFacts,
	SecretFacts,
	StatefulSetFacts,
} from '../../src/observe/types.ts';
import type {Facts} from '../../src/run/preflight/facts.ts';
import {makeCa, makeLeaf, type Pair} from './pki.ts';

export const cluster: Cluster = {name: 'basic', namespace: 'tidb', components: ['pd', 'tikv', 'tidb', 'client']};

const known = remembering(parseKey);

/** The same few keys are read for every test. */
const readKey = (pem: string): KeyFacts => ({...known(pem)});

const replicas: Partial<Record<ComponentName, number>> = {pd: 3, tikv: 3, tidb: 2};

/** Certificates of one cluster. */
export type Material = {ca: Pair; leaves: Record<string, Pair>};

const hosts = (component: ComponentName): string[] => (JSON.parse(render(component, cluster)) as {hosts: string[]}).hosts;

/** A CA and the leaves that the templates ask for. */
export const makeMaterial = (): Material => {
	const ca = makeCa();
	return {
		ca,
		leaves: Object.fromEntries(cluster.components.map(component => [component, makeLeaf(ca, {
			sans: hosts(component), usages: component === 'client' ? ['client auth'] : ['server auth', 'client auth'],
		})])),
	};
};

/** The Secret of a component that holds a leaf and a bundle. */
const secretOf = (component: ComponentName, {cert, key}: Pair, bundle: string): SecretFacts => ({
	name: secretName(cluster.name, component),
	exists: true,
	resourceVersion: '1',
	immutable: false,
	keys: ['ca.crt', 'tls.crt', 'tls.key'],
	digests: {},
	leaf: readCertificates(cert),
	key: readKey(key),
	bundle: readCertificates(bundle),
	material: '',
	changed: '2026-01-01T00:00:00Z',
	labels: {},
	annotations: {},
	owners: [],
	managers: ['kubectl-client-side-apply'],
	writers: [],
});

const setOf = (component: ComponentName, count: number): StatefulSetFacts => ({
	name: `basic-${component}`,
	component,
	generation: 1,
	observedGeneration: 1,
	replicas: count,
	readyReplicas: count,
	updatedReplicas: count,
	currentRevision: 'a',
	updateRevision: 'a',
	partition: count,
	strategy: 'RollingUpdate',
	material: '',
	serviceName: `basic-${component}-peer`,
});

const podsOf = (component: ComponentName, count: number): PodFacts[] => Array.from({length: count}, (_, ordinal) => ({
	name: `basic-${component}-${ordinal}`,
	component,
	uid: `${component}-${ordinal}`,
	ready: true,
	deleting: false,
	created: '2026-01-01T00:00:00Z',
	started: '2026-01-01T00:00:00Z',
	revision: 'a',
	material: '',
	containers: [],
}));

/** A cluster at rest: everything as the documents leave it, nothing wrong. */
export const observationOf = ({ca, leaves}: Material): Observation => {
	const running = Object.entries(replicas) as Array<[ComponentName, number]>;
	const files = cluster.components.map(component => [components[component].file, leaves[component]!] as const);
	return {
		now: Date.now(),
		folder: {
			path: 'clusters/basic',
			exists: true,
			certificates: {'ca.pem': readCertificates(ca.cert), ...Object.fromEntries(files.map(([file, {cert}]) => [`${file}.pem`, readCertificates(cert)]))},
			keys: {'ca-key.pem': readKey(ca.key), ...Object.fromEntries(files.map(([file, {key}]) => [`${file}-key.pem`, readKey(key)]))},
			requests: Object.fromEntries((['ca-config', 'ca-csr', ...cluster.components] as const).map(name => [templateFile(name), {value: JSON.parse(render(name, cluster)) as unknown}])),
			backups: [],
		},
		secrets: Object.fromEntries(cluster.components.map(component => [secretName('basic', component), secretOf(component, leaves[component]!, ca.cert)])),
		cluster: {
			name: 'basic',
			namespace: 'tidb',
			uid: 'b5c1',
			resourceVersion: '1',
			labels: {},
			annotations: {},
			owners: [],
			spec: {tlsCluster: {enabled: true}, ...Object.fromEntries(running.map(([component, count]) => [component, {replicas: count}] as const))},
			status: {
				conditions: [{
					type: 'Ready', status: 'True', reason: 'Ready', message: 'TiDB cluster is fully up and running',
				}],
				...Object.fromEntries(running.map(([component]) => [component, {phase: 'Normal'}] as const)),
			},
			managers: ['tidb-controller-manager'],
			writers: [],
		},
		sets: running.map(([component, count]) => setOf(component, count)),
		pods: running.flatMap(([component, count]) => podsOf(component, count)),
		handshakes: [],
		inside: [],
		consumers: {found: [], unread: [], users: []},
	};
};

let made: Material | undefined;

/** What the checks look at, of a cluster at rest before a new rotation, with what a test changes. */
export const healthy = (change?: (facts: Facts) => void): Facts => {
	// Once for each test file.
	made ??= makeMaterial();
	const facts: Facts = {
		cluster,
		target: {
			route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
		},
		observation: observationOf(made),
		isResumed: false,
		isCure: false,
		estimate: 3_600_000,
		texts: {},
		others: [],
		jobs: [],
		suspended: [],
	};
	change?.(facts);
	return facts;
};
