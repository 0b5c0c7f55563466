import type {CertificateFacts, KeyFacts, PemFacts} from '../certificates/types.ts';
import type {IssuanceFacts} from './issuance-types.ts';
import type {TidbClusterSpec, TidbClusterStatus} from './objects.ts';

/** The cluster folder: every certificate, key and request in it, by file name. */
export type FolderFacts = {
	path: string;
	exists: boolean;
	certificates: Record<string, PemFacts>;
	keys: Record<string, KeyFacts>;
	/** The parsed JSON of `*.json`, or the reason why it is none. */
	requests: Record<string, {value?: unknown; problem?: string}>;
	/** The newest first. */
	backups: BackupFacts[];
};

/** A folder under `backups/`: its name is the time at which it was made, UTC. */
export type BackupFacts = {
	name: string;
	certificates: Record<string, PemFacts>;
	keys: Record<string, KeyFacts>;
	/** Names of the `*.json` in it. */
	requests: string[];
};

/** Who wrote which part of an object last, as managedFields tells. */
export type Writer = {
	manager: string;
	/** `Apply` (server-side), or `Update` for every other write. */
	operation: string;
	/** By the API server's clock, ISO 8601; '' where it is not told. */
	time: string;
	/** The object's outermost fields, such as `data`, `spec`, `metadata`. */
	parts: string[];
};

/** One Secret as the API server has it. */
export type SecretFacts = {
	name: string;
	exists: boolean;
	resourceVersion: string;
	immutable: boolean;
	/** The keys of `data`. */
	keys: string[];
	/** SHA-256 of each value of `data`, by its key: whether it changed, and no more. */
	digests: Record<string, string>;
	leaf: PemFacts;
	key: KeyFacts;
	bundle: PemFacts;
	/** `materialHash(ca.crt, tls.crt)`: what a pod that starts now would load. */
	material: string;
	/** When `data` was last written, by the API server's clock (managedFields), ISO 8601; '' when it cannot be told. */
	changed: string;
	labels: Record<string, string>;
	annotations: Record<string, string>;
	owners: Array<{kind: string; name: string}>;
	managers: string[];
	writers: Writer[];
};

type ContainerFacts = {
	name: string;
	startedAt: string;
	restartCount: number;
	ready: boolean;
};

export type PodFacts = {
	name: string;
	component: string;
	uid: string;
	ready: boolean;
	deleting: boolean;
	/** Metadata.creationTimestamp, the API server's clock. */
	created: string;
	/** Status.startTime, the node's clock, as the containers' startedAt. */
	started: string;
	revision: string;
	/** Status.podIP; missing where it has none yet. */
	address?: string;
	/** The value of the annotation MATERIAL, or of what it has read again since it started; '' without either. */
	material: string;
	/** Where it has read its files again since it started: the value of MATERIAL, for which it was made. */
	made?: string;
	containers: ContainerFacts[];
};

export type StatefulSetFacts = {
	name: string;
	component: string;
	generation: number;
	observedGeneration: number;
	replicas: number;
	readyReplicas: number;
	updatedReplicas: number;
	currentRevision: string;
	updateRevision: string;
	partition: number;
	strategy: string;
	/** The annotation MATERIAL in the pod template. */
	material: string;
	serviceName: string;
};

/** The Deployment of discovery. Of its pods the label is `discovery`. */
export type DeploymentFacts = {
	name: string;
	generation: number;
	observedGeneration: number;
	/** As many as are wanted, and of those that are there: all, those made by the present template, and those that are available. */
	replicas: number;
	total: number;
	updated: number;
	available: number;
	/** The annotation DISCOVERY_CA in the pod template. */
	ca: string;
};

/** What matters of the TidbCluster or DMCluster object. `spec` and `status` are as the API server has them. */
export type TidbClusterFacts = {
	kind: 'TidbCluster' | 'DMCluster';
	name: string;
	namespace: string;
	uid: string;
	resourceVersion: string;
	labels: Record<string, string>;
	annotations: Record<string, string>;
	owners: Array<{kind: string; name: string}>;
	spec: TidbClusterSpec;
	status: TidbClusterStatus;
	managers: string[];
	writers: Writer[];
};

/**
Which client certificate is presented: the one the cluster has, the one it had before the reissue, a throwaway leaf of the
new CA (`canary`), a throwaway leaf of a CA that nobody trusts (`control`).
*/
export type Presented = 'present' | 'old' | 'canary' | 'control';

/** Design.md 5: accepted = application bytes came back; rejected = a TLS certificate alert; anything else is unknown. */
export type Verdict = 'accepted' | 'rejected' | 'unknown';

/** One try of one client certificate at one port of one pod. */
export type Handshake = {
	pod: string;
	component: string;
	port: number;
	present: Presented;
	verdict: Verdict;
	/** The alert, the first bytes' kind or the error, in words. */
	detail: string;
	/** The leaf that the port served, where a certificate was seen. */
	served?: CertificateFacts;
	attempts: number;
	/** Tries that ended with their forwarder, and count as no attempt: the port may have rejected them all the same. */
	lost?: number;
};

/** What `kubectl exec` could read in a pod's container; `problem` where the container does not allow it. */
export type Inside = {
	pod: string;
	/** SHA-256 of the mounted ca.crt's bytes, hex. */
	bundleDigest?: string;
	/** The same of the mounted tls.crt, where it was asked for. */
	leafDigest?: string;
	/** Start of the container's process 1 in seconds since the epoch, by the node's clock. */
	processStarted?: number;
	problem?: string;
};

/** A Secret or ConfigMap, other than those that this tool writes, that holds a CA of the cluster or a leaf of one. */
export type Consumer = {
	kind: 'Secret' | 'ConfigMap';
	namespace: string;
	name: string;
	/** The keys of its data in which they were found. */
	keys: string[];
	/** The cluster's CAs in it: the present ones, or ones from before. */
	cas: CertificateFacts[];
	/** What one of the cluster's CAs has signed. */
	leaves: CertificateFacts[];
};

/** Who holds the cluster's certificates beside the cluster. */
export type Consumers = {
	found: Consumer[];
	/** What may not be read, in words: somebody there may hold them too. */
	unread: string[];
	/** Workloads and custom resources that use the cluster's own Secrets, where that was looked at; `isOperators`: the operator does it for them. */
	users: Array<{kind: string; namespace: string; name: string; uses: string[]; isOperators: boolean}>;
};

export type Observation = {
	/** Milliseconds since the epoch, so that judging stays pure. */
	now: number;
	folder: FolderFacts;
	secrets: Record<string, SecretFacts>;
	cluster: TidbClusterFacts;
	sets: StatefulSetFacts[];
	/** Undefined where the cluster has none, or nobody looked. */
	discovery?: DeploymentFacts;
	pods: PodFacts[];
	handshakes: Handshake[];
	inside: Inside[];
	/** Undefined where nobody looked: it takes a look at every Secret of the Kubernetes cluster. */
	consumers?: Consumers;
	/** Cert-manager's objects in the cluster's namespace; undefined where nobody looked, as no Secret says that it has issued it. */
	issuance?: IssuanceFacts;
	/** With `Cluster.issuance`: Secrets beside the components' own, by name: the CA's, and those of objects that a rotation makes; one that does not exist too. */
	beside?: Record<string, SecretFacts>;
};
