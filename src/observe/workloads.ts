import {componentAt, guestsOf, isMicroservice} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import {discoveryCa, materialOf, reloadedMaterial} from '../plan/annotations.ts';
import type {
	DeploymentObject,
	PodObject,
	StatefulSetObject,
	TidbClusterObject,
} from './objects.ts';
import type {
	DeploymentFacts,
	PodFacts,
	StatefulSetFacts,
	TidbClusterFacts,
} from './types.ts';
import {writersOf} from './writers.ts';

const componentLabel = 'app.kubernetes.io/component';

const lifeOf = ({metadata, status}: PodObject): Omit<PodFacts, 'component' | 'material'> => ({
	name: metadata.name,
	uid: metadata.uid,
	ready: (status?.conditions ?? []).some(condition => condition.type === 'Ready' && condition.status === 'True'),
	deleting: metadata.deletionTimestamp !== undefined,
	created: metadata.creationTimestamp,
	started: status?.startTime ?? '',
	revision: metadata.labels?.['controller-revision-hash'] ?? '',
	...(status?.podIP !== undefined && {address: status.podIP}),
	containers: (status?.containerStatuses ?? []).map(container => ({
		name: container.name,
		startedAt: container.state?.running?.startedAt ?? '',
		restartCount: container.restartCount,
		ready: container.ready,
	})),
});

const labelOf = ({metadata}: PodObject | StatefulSetObject, cluster: Cluster): string => componentAt(cluster, metadata.labels?.[componentLabel] ?? '');

const loadedBy = ({metadata: {annotations = {}}}: PodObject, component: string): Pick<PodFacts, 'material' | 'made'> => {
	const again = component === 'tidb-server' ? annotations[reloadedMaterial] : undefined;
	const made = annotations[materialOf(component)] ?? '';
	return again === undefined ? {material: made} : {material: again, made};
};

/** The facts of a pod, seen from a cluster's side. */
export const podFacts = (object: PodObject, cluster: Cluster): PodFacts => ({
	...lifeOf(object),
	component: labelOf(object, cluster),
	...loadedBy(object, labelOf(object, cluster)),
});

const setProgress = (status: StatefulSetObject['status'] = {}) => ({
	observedGeneration: status.observedGeneration ?? 0,
	readyReplicas: status.readyReplicas ?? 0,
	updatedReplicas: status.updatedReplicas ?? 0,
	currentRevision: status.currentRevision ?? '',
	updateRevision: status.updateRevision ?? '',
});

const specFacts = ({metadata, spec}: StatefulSetObject) => ({
	name: metadata.name,
	generation: metadata.generation ?? 0,
	replicas: spec.replicas ?? 1,
	partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
	strategy: spec.updateStrategy?.type ?? '',
	serviceName: spec.serviceName ?? '',
});

/** The facts of a StatefulSet, seen from a cluster's side. Fields that the API leaves out when they are 0 are 0. */
export const setFacts = (object: StatefulSetObject, cluster: Cluster): StatefulSetFacts => ({
	...setProgress(object.status),
	...specFacts(object),
	component: labelOf(object, cluster),
	material: object.spec.template?.metadata?.annotations?.[materialOf(labelOf(object, cluster))] ?? '',
});

/** The facts of the Deployment of discovery. */
export const deploymentFacts = ({metadata, spec, status = {}}: DeploymentObject): DeploymentFacts => ({
	name: metadata.name,
	generation: metadata.generation ?? 0,
	observedGeneration: status.observedGeneration ?? 0,
	replicas: spec.replicas ?? 1,
	total: status.replicas ?? 0,
	updated: status.updatedReplicas ?? 0,
	available: status.availableReplicas ?? 0,
	ca: spec.template?.metadata?.annotations?.[discoveryCa] ?? '',
});

/** PD's microservices as if each had a field of its own, as the other components have. Those that do not run stay in their list. */
const withMicroservices = ({spec: {pdms = [], ...spec} = {}, status = {}}: Pick<TidbClusterObject, 'spec' | 'status'>): Pick<TidbClusterFacts, 'spec' | 'status'> => {
	const running: string[] = guestsOf({...spec, pdms}, undefined).filter(guest => isMicroservice(guest));
	const others = pdms.filter(({name}) => !running.includes(name));
	return {
		spec: {...spec, ...(others.length > 0 && {pdms: others}), ...Object.fromEntries(pdms.filter(({name}) => running.includes(name)).map(one => [one.name, one]))},
		status: {...status, ...Object.fromEntries(running.map(name => [name, status.pdms?.[name]]))},
	};
};

/** The facts of a TidbCluster or a DMCluster. */
export const clusterFacts = ({kind: is, metadata, spec, status}: TidbClusterObject): TidbClusterFacts => ({
	kind: is,
	name: metadata.name,
	namespace: metadata.namespace,
	uid: metadata.uid,
	resourceVersion: metadata.resourceVersion,
	labels: metadata.labels ?? {},
	annotations: metadata.annotations ?? {},
	owners: (metadata.ownerReferences ?? []).map(({kind, name}) => ({kind, name})),
	...withMicroservices({...(spec && {spec}), ...(status && {status})}),
	managers: [...new Set((metadata.managedFields ?? []).map(entry => entry.manager))],
	writers: writersOf(metadata),
});
