import {readCertificates, readKey as parseKey} from '../../src/certificates/read.ts';
import {remembering} from '../../src/certificates/remember.ts';
import type {KeyFacts} from '../../src/certificates/types.ts';
import {
	componentAt,
	components,
	partName,
	secretName,
} from '../../src/cluster/components.ts';
import {kindOf} from '../../src/cluster/kinds.ts';
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

/** A DM cluster: its CA and its components are its own. */
export const dmCluster: Cluster = {
	name: 'basic', namespace: 'tidb', kind: 'dm', components: ['dm-master', 'dm-worker', 'dm-client'],
};

export const cluster: Cluster = {name: 'basic', namespace: 'tidb', components: ['pd', 'tikv', 'tidb', 'client']};

/** The same with a discovery, as the operator makes it. */
export const discovered: Cluster = {...cluster, discovery: true};

/** The same with PD's microservices, and with a TiProxy of the legacy layout. */
export const hosting: Cluster = {...discovered, guests: ['tso', 'scheduling', 'tiproxy-client']};

/** Its other side. */
export const mysqlSide: Cluster = {...cluster, components: ['tidb-server', 'tidb-client'], side: 'mysql'};

/** The same with a TiProxy. */
export const mysqlHosting: Cluster = {...mysqlSide, guests: ['tiproxy-server']};

const known = remembering(parseKey);

/** The same few keys are read for every test. */
const readKey = (pem: string): KeyFacts => ({...known(pem)});

const replicas = {pd: 3, tikv: 3, tidb: 2};

/** Certificates of one cluster. */
export type Material = {ca: Pair; leaves: Record<string, Pair>};

const hosts = (component: ComponentName): string[] => {
	const isBetweenComponents = component === 'client' || component === 'dm-client' || components[component].profile === 'internal';
	const request = JSON.parse(render(component, isBetweenComponents ? cluster : mysqlSide)) as {hosts: string[]};
	return request.hosts;
};

/** A CA and the leaves that the templates ask for, of a cluster or one side of it. */
export const makeMaterial = (of: Cluster = cluster): Material => {
	const ca = makeCa();
	return {
		ca,
		leaves: Object.fromEntries(of.components.map(component => [component, makeLeaf(ca, {
			sans: hosts(component), usages: components[component].workload === undefined ? ['client auth'] : ['server auth', 'client auth'],
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

const setOf = (of: Cluster, workload: string, count: number): StatefulSetFacts => ({
	name: `basic-${workload}`,
	component: componentAt(of, workload),
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
	serviceName: `basic-${workload}-peer`,
});

const podsOf = (of: Cluster, workload: string, count: number): PodFacts[] => Array.from({length: count}, (_, ordinal) => ({
	name: `basic-${workload}-${ordinal}`,
	component: componentAt(of, workload),
	uid: `${workload}-${ordinal}`,
	ready: true,
	deleting: false,
	created: '2026-01-01T00:00:00Z',
	started: '2026-01-01T00:00:00Z',
	revision: 'a',
	material: '',
	containers: [],
}));

/** A cluster at rest: everything as the documents leave it, nothing wrong. */
export const observationOf = ({ca, leaves}: Material, of: Cluster = cluster): Observation => {
	const guests = (of.guests ?? []).map((guest): [string, number] => [components[guest].workload!, 2]);
	const running = of.kind === 'dm' ? Object.entries({'dm-master': 3, 'dm-worker': 2}) : [...Object.entries(replicas), ...guests];
	const parts = running.map(([workload, count]) => ({part: partName(workload as ComponentName)!, count}));
	const files = of.components.map(component => [components[component].file, leaves[component]!] as const);
	return {
		now: Date.now(),
		folder: {
			path: 'clusters/basic',
			exists: true,
			certificates: {'ca.pem': readCertificates(ca.cert), ...Object.fromEntries(files.map(([file, {cert}]) => [`${file}.pem`, readCertificates(cert)]))},
			keys: {'ca-key.pem': readKey(ca.key), ...Object.fromEntries(files.map(([file, {key}]) => [`${file}-key.pem`, readKey(key)]))},
			requests: Object.fromEntries((['ca-config', 'ca-csr', ...of.components] as const).map(name => [templateFile(name), {value: JSON.parse(render(name, of)) as unknown}])),
			backups: [],
		},
		secrets: Object.fromEntries(of.components.map(component => [secretName('basic', component), secretOf(component, leaves[component]!, ca.cert)])),
		cluster: {
			name: 'basic',
			namespace: 'tidb',
			kind: kindOf(of).object,
			uid: 'b5c1',
			resourceVersion: '1',
			labels: {},
			annotations: {},
			owners: [],
			spec: {tlsCluster: {enabled: true}, ...Object.fromEntries(parts.map(({part, count}) => [part, {replicas: count}] as const))},
			status: {
				conditions: [{
					type: 'Ready', status: 'True', reason: 'Ready', message: 'TiDB cluster is fully up and running',
				}],
				...Object.fromEntries(parts.map(({part}) => [part, {phase: 'Normal'}] as const)),
			},
			managers: ['tidb-controller-manager'],
			writers: [],
		},
		sets: running.map(([workload, count]) => setOf(of, workload, count)),
		pods: running.flatMap(([workload, count]) => podsOf(of, workload, count)),
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
