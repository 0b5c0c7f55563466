import {quote} from 'shlex';
import type {Cluster, Companion, ComponentName} from './types.ts';

const label = /^[\da-z](?:[\d\-a-z]*[\da-z])?$/v;
const longest = 63;

const quoted = (value: string): string => JSON.stringify(value);

/** What of the value is outside a DNS label, in words. */
const reason = (value: string): string => {
	if (value === '') {
		return 'it is empty';
	}

	const strange = [...new Set(value.match(/[^\d\-a-z]/gv))];
	if (strange.length > 0) {
		const listed = strange.map(character => quoted(character)).join(', ');
		return `it contains ${listed}, and it becomes part of file names and of commands for a shell`;
	}

	return value.length > longest ? `it has ${value.length} characters` : 'it begins or ends with a hyphen';
};

/**
Checks a name that goes into commands, file names and host names: a DNS label as Kubernetes has it (RFC 1123). `what` is the
word for the message: `cluster` or `namespace`.
@returns what is wrong, in one sentence; undefined when nothing is.
*/
export const nameProblem = (what: string, value: string): string | undefined =>
	label.test(value) && value.length <= longest
		? undefined
		: `${what} ${quoted(value)} cannot be a Kubernetes name: ${reason(value)}. Allowed are at most ${longest} characters: lower-case letters, digits, and hyphens between them`;

/**
Checks the domain of a Kubernetes cluster (`spec.clusterDomain`), which ends host names: `cluster.local`.
@returns what is wrong, in one sentence; undefined when nothing is.
*/
export const domainProblem = (value: string): string | undefined => value.length <= 253 && value.split('.').every(part => label.test(part) && part.length <= longest)
	? undefined
	: `cluster domain ${quoted(value)} is no DNS name: labels of lower-case letters, digits and hyphens, with dots between them`;

/** Names that do not follow from the component's. */
const ownNames: Partial<Record<ComponentName, string>> = {
	client: 'cluster-client-secret',
	tso: 'pd-cluster-secret',
	scheduling: 'pd-cluster-secret',
	'tiproxy-client': 'cluster-client-secret',
	'tidb-server': 'tidb-server-secret',
	'tiproxy-server': 'tidb-server-secret',
	'tidb-client': 'tidb-client-secret',
	'dm-client': 'dm-client-secret',
};

/** The Secret of a component's certificate, of a guest that of its host (Operator v1). */
export const secretName = (cluster: string, component: ComponentName): string => `${cluster}-${ownNames[component] ?? `${component}-cluster-secret`}`;

/** What of a cluster, and of those that go with it, a command names. */
type Naming = Pick<Cluster, 'name' | 'kind'> & {together?: Array<Pick<Companion, 'word' | 'context' | 'dir'>>};

const givenFor = ({word, context, dir}: Pick<Companion, 'word' | 'context' | 'dir'>): string[] =>
	['--cluster', word, ...(context === undefined ? [] : ['--context', context]), ...(dir === undefined ? [] : ['--dir', dir])];

/** The words of a command that name a cluster, and those that go with it: `--cluster`, `a`, `--cluster`, `b`. */
export const namingWords = ({name, kind, together = []}: Naming): string[] => [
	...(together.length === 0 ? ['--cluster', name] : together.flatMap(one => givenFor(one))),
	...(kind === undefined ? [] : ['--kind', kind]),
];

/** The same with the side that is meant, for messages: `--cluster basic --mysql`. */
export const optionsFor = (cluster: Naming & Pick<Cluster, 'side'>): string =>
	[...namingWords(cluster).map(word => quote(word)), ...(cluster.side === 'mysql' ? ['--mysql'] : [])].join(' ');

/** A cluster in words: `basic in namespace tidb`, and where each of several has a context of its own, `basic in namespace tidb of east`. */
export const placeWords = ({name, namespace, context}: Pick<Cluster, 'name' | 'namespace' | 'context'>): string =>
	`${name} in namespace ${namespace}${context === undefined ? '' : ` of ${context}`}`;

/** What the certificates of a side are, in words: `the certificates of basic in namespace tidb`. */
export const certificatesWords = (cluster: Cluster): string => `the ${cluster.side === 'mysql' ? 'MySQL certificates' : 'certificates'} of ${placeWords(cluster)}`;

/** A cluster, or the side of it that is meant, in words: `basic in namespace tidb`. */
export const sideWords = (cluster: Cluster): string => `${cluster.side === 'mysql' ? 'the MySQL side of ' : ''}${placeWords(cluster)}`;

/** What lists call each of several clusters, in their order: its name, or all of `placeWords` where another is called alike. */
export const shortNames = (clusters: Array<Pick<Cluster, 'name' | 'namespace' | 'context'>>): string[] =>
	clusters.map(cluster => clusters.filter(({name}) => name === cluster.name).length > 1 ? placeWords(cluster) : cluster.name);

/** The Lease that a rotation of the cluster holds, in the cluster's namespace (design.md 4); the runbook looks for it as well. */
export const leaseName = (cluster: string): string => `${cluster}-cert-rotate`;

/** The Deployment by which PDs find each other when they start; the operator makes it, and its pod mounts PD's Secret (tidb-facts 1.1). */
export const discoveryName = (cluster: string): string => `${cluster}-discovery`;

/** The headless Service whose names the component's certificate has: Pump has no other. */
const peerService = (cluster: string, component: ComponentName): string =>
	component === 'pump' ? `${cluster}-pump` : `${cluster}-${component}-peer`;

/**
The name by which another component calls a pod, for the check of its certificate: `basic-pd-0.basic-pd-peer.tidb.svc`.
`service` is `spec.serviceName` of the StatefulSet; where it is empty, the name that the operator gives stands in.
*/
export const servername = (cluster: {name: string; namespace: string}, component: ComponentName, pod: string, service: string): string =>
	`${pod}.${service === '' ? peerService(cluster.name, component) : service}.${cluster.namespace}.svc`;
