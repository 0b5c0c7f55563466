import type {KubeObject} from '../kube.ts';

/** The parts of Kubernetes objects that the kubelet reads, as JSON has them: times are strings. */
export type Volume = {
	name: string;
	secret?: {secretName: string; optional?: boolean; items?: Item[]};
	configMap?: {name: string; optional?: boolean; items?: Item[]};
	downwardAPI?: {items?: Array<{path: string; fieldRef?: {fieldPath: string}}>};
	emptyDir?: Record<string, unknown>;
	persistentVolumeClaim?: {claimName: string};
};

export type Item = {key: string; path: string};

export type Condition = {type: string; status: string; lastTransitionTime?: string | undefined; lastProbeTime?: unknown; reason?: string; message?: string};

export type Pod = KubeObject & {
	spec: {
		nodeName?: string;
		terminationGracePeriodSeconds?: number;
		containers: Array<{
			name: string;
			image?: string;
			ports?: Array<{containerPort: number; protocol?: string}>;
			volumeMounts?: Array<{name: string; mountPath: string}>;
		}>;
		volumes?: Volume[];
	};
	status?: {phase?: string; startTime?: string; qosClass?: string; conditions?: Condition[]; [key: string]: unknown};
};

export type StatefulSet = KubeObject & {spec: {replicas?: number; serviceName?: string}};

export type Secret = KubeObject & {data?: Record<string, string>};

export type ConfigMap = KubeObject & {data?: Record<string, string>};

export type Claim = KubeObject & {
	spec: {accessModes: string[]; storageClassName?: string; volumeMode?: string; volumeName?: string; resources: {requests: {storage: string}}};
	status?: {phase?: string};
};

/** A container's mount of a volume. */
export type Mount = {volume: Volume; mountPath: string};

/** All mounts of all containers. */
export const mountsOf = (pod: Pod): Mount[] => pod.spec.containers.flatMap(container =>
	(container.volumeMounts ?? []).flatMap(mount => {
		const volume = pod.spec.volumes?.find(one => one.name === mount.name);
		return volume ? [{volume, mountPath: mount.mountPath}] : [];
	}));

/** The component's name, from the label that the operator sets. */
export const componentOf = (object: KubeObject): string => object.metadata.labels?.['app.kubernetes.io/component'] ?? '';

/** The StatefulSet that made the pod; `undefined` for other pods. */
export const setOf = (pod: Pod): string | undefined => pod.metadata.ownerReferences?.find(owner => owner.kind === 'StatefulSet')?.name;

/** `namespace/name`. */
export const keyOf = ({metadata}: KubeObject): string => `${metadata.namespace}/${metadata.name}`;
