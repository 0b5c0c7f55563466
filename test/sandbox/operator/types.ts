import type {KubeObject as BareObject} from '../kube.ts';

/** What the operator stand-in reads and writes, as the API server's JSON has it: only the fields that it touches. */

export type Metadata = BareObject['metadata'] & {namespace: string};

/** Any object: `spec` and `status` are looked into only where a type below says how. */
export type KubeObject = {
	apiVersion?: string;
	kind?: string;
	metadata: Metadata;
	spec?: unknown;
	status?: unknown;
	data?: Record<string, string>;
};

export type Resources = Record<string, string>;

export type ComponentSpec = {
	replicas: number;
	baseImage?: string;
	version?: string;
	image?: string;
	config?: string;
	annotations?: Record<string, string>;
	labels?: Record<string, string>;
	requests?: Resources;
	/** As DM's components have it. */
	storageSize?: string;
	limits?: Resources;
	storageClassName?: string;
	maxFailoverCount?: number;
	mountClusterClientSecret?: boolean;
	service?: {type?: string};
	tlsClient?: {enabled?: boolean};
	evictLeaderTimeout?: string;
	mode?: string;
};

/** PD's microservices, which spec has in a list and status apart. */
type Microservice = 'tso' | 'scheduling';

/** The components that have a StatefulSet, by their names in spec and status. */
export type ComponentName = Microservice | 'pd' | 'tiproxy' | 'tiflash' | 'tikv' | 'pump' | 'tidb' | 'ticdc' | 'dm-master' | 'dm-worker';

export type TidbClusterSpec = Partial<Record<ComponentName, ComponentSpec>> & {
	version?: string;
	timezone?: string;
	paused?: boolean;
	imagePullPolicy?: string;
	enablePVReclaim?: boolean;
	annotations?: Record<string, string>;
	tlsCluster?: {enabled?: boolean};
	pdms?: Array<ComponentSpec & {name: Microservice}>;
};

export type Phase = 'Normal' | 'Upgrade' | 'Scale';

export type Member = {
	name: string;
	health?: boolean;
	lastTransitionTime: string;
	/** Of DM's workers. */
	addr?: string;
	stage?: string;
	id?: string;
	clientURL?: string;
	node?: string;
};

export type Store = {id: string; ip: string; lastTransitionTime: string; leaderCount: number; podName: string; state: string};

export type Condition = {
	type: string;
	status: string;
	reason: string;
	message: string;
	lastTransitionTime: string;
	lastUpdateTime: string;
};

export type SetStatus = {
	observedGeneration?: number;
	replicas?: number;
	readyReplicas?: number;
	updatedReplicas?: number;
	currentReplicas?: number;
	availableReplicas?: number;
	currentRevision?: string;
	updateRevision?: string;
	collisionCount?: number;
};

export type ComponentStatus = {
	image?: string;
	phase?: Phase;
	synced?: boolean;
	bootStrapped?: boolean;
	statefulSet?: SetStatus;
	members?: Record<string, Member>;
	leader?: Member;
	stores?: Record<string, Store>;
	volumes?: Record<string, Record<string, unknown>>;
};

/** What of a microservice stands in `status.pdms`. */
export type MicroserviceStatus = Omit<ComponentStatus, 'members'> & {name?: string; members?: string[]};

export type TidbClusterStatus = Partial<Record<ComponentName, ComponentStatus>> & {clusterID?: string; conditions?: Condition[]; pdms?: Record<string, MicroserviceStatus>};

export type TidbCluster = KubeObject & {spec: TidbClusterSpec; status?: TidbClusterStatus};

/** It has two components, which its spec and status call otherwise than the pods' labels do. */
export type DmCluster = KubeObject & {
	spec: Omit<TidbClusterSpec, ComponentName> & {master?: ComponentSpec; worker?: ComponentSpec};
	status?: {master?: ComponentStatus; worker?: ComponentStatus; conditions?: Condition[]};
};

type PodTemplate = {
	metadata: {annotations?: Record<string, string>; labels?: Record<string, string>};
	spec: {containers: Array<{name: string; image: string}>} & Record<string, unknown>;
};

export type StatefulSet = KubeObject & {
	spec: {
		replicas: number;
		template: PodTemplate;
		updateStrategy?: {type?: string; rollingUpdate?: {partition?: number}};
	} & Record<string, unknown>;
	status?: SetStatus;
};

export type Pod = KubeObject & {
	spec?: {nodeName?: string};
	status?: {podIP?: string; conditions?: Array<{type: string; status: string}>};
};

export type Claim = KubeObject & {
	spec?: {storageClassName?: string; resources?: {requests?: Resources}};
	status?: {phase?: string; capacity?: Resources};
};
