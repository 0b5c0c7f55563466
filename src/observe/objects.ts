import type {Part} from '../cluster/types.ts';

/* Plain JSON of the Kubernetes API, as far as this tool reads it. The API server has checked the types. */

/** What every object has. */
export type Metadata = {
	name: string;
	namespace: string;
	uid: string;
	resourceVersion: string;
	generation?: number;
	creationTimestamp: string;
	deletionTimestamp?: string;
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
	ownerReferences?: Array<{kind: string; name: string}>;
	managedFields?: Array<{manager: string; operation?: string; time?: string; fieldsV1?: Record<string, unknown>}>;
};

type ObjectCondition = {type: string; status: string; reason?: string; message?: string};

export type SecretObject = {
	kind: 'Secret';
	apiVersion: string;
	metadata: Metadata;
	immutable?: boolean;
	/** Base64. */
	data?: Record<string, string>;
};

export type PodObject = {
	kind: 'Pod';
	apiVersion: string;
	metadata: Metadata;
	status?: {
		conditions?: ObjectCondition[];
		startTime?: string;
		podIP?: string;
		containerStatuses?: Array<{name: string; ready: boolean; restartCount: number; state?: {running?: {startedAt: string}}}>;
	};
};

export type StatefulSetObject = {
	kind: 'StatefulSet';
	apiVersion: string;
	metadata: Metadata;
	spec: {
		replicas?: number;
		serviceName?: string;
		template?: {metadata?: {annotations?: Record<string, string>}};
		updateStrategy?: {type?: string; rollingUpdate?: {partition?: number}};
	};
	status?: {
		observedGeneration?: number;
		readyReplicas?: number;
		updatedReplicas?: number;
		currentRevision?: string;
		updateRevision?: string;
	};
};

export type DeploymentObject = {
	kind: 'Deployment';
	apiVersion: string;
	metadata: Metadata;
	spec: {replicas?: number; template?: {metadata?: {annotations?: Record<string, string>}}};
	status?: {observedGeneration?: number; replicas?: number; updatedReplicas?: number; availableReplicas?: number};
};

type PartSpec = {
	replicas?: number;
	annotations?: Record<string, string>;
	/** TOML as text, or the same as an object. */
	config?: unknown;
	/** Of TiProxy: `v1`, or the legacy one without it. */
	certLayout?: string;
	/** Of TiDB: whether its MySQL port has a certificate. */
	tlsClient?: {enabled?: boolean};
	/** Of PD: `ms` where it leaves work to microservices. */
	mode?: string;
};

export type TidbClusterSpec = {
	tlsCluster?: {enabled?: boolean; enableDiscoveryMTLS?: boolean};
	paused?: boolean;
	/** By which pods are called from other Kubernetes clusters: `cluster.local`. */
	clusterDomain?: string;
	suspendAction?: Record<string, unknown>;
	/** PD's microservices: a list, where the other components have a field each. */
	pdms?: Array<{name: string} & PartSpec>;
	/** The cluster that this one joined; with a domain that is not its own, in another Kubernetes cluster. */
	cluster?: {name?: string; namespace?: string; clusterDomain?: string};
} & Partial<Record<Part, PartSpec>>;

type PartStatus = {
	phase?: string;
	synced?: boolean;
	leader?: {name?: string};
	/** PD's members, and those of DM's masters: where they told the others that they are. Of microservices a list. */
	members?: Record<string, {clientURL?: string}> | string[];
	/** The same of TiKV and TiFlash: host names. */
	stores?: Record<string, {ip?: string}>;
	/** Members that PD knows and that are another cluster's. */
	peerMembers?: Record<string, {clientURL?: string}>;
	/** The same of TiKV and TiFlash. */
	peerStores?: Record<string, {ip?: string}>;
};

export type TidbClusterStatus = {
	conditions?: ObjectCondition[];
	/** PD's microservices, by name. */
	pdms?: Record<string, PartStatus>;
} & Partial<Record<Part, PartStatus>>;

/** A TidbCluster or a DMCluster, which is read by the same fields. */
export type TidbClusterObject = {
	kind: 'TidbCluster' | 'DMCluster';
	apiVersion: string;
	metadata: Metadata;
	spec?: TidbClusterSpec;
	status?: TidbClusterStatus;
};

export type KubernetesObject = SecretObject | PodObject | StatefulSetObject | DeploymentObject | TidbClusterObject;
