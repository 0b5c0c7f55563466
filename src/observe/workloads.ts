import {material} from '../plan/annotations.ts';
import type {PodObject, StatefulSetObject, TidbClusterObject} from './objects.ts';
import type {PodFacts, StatefulSetFacts, TidbClusterFacts} from './types.ts';
import {writersOf} from './writers.ts';

const componentLabel = 'app.kubernetes.io/component';

/** The facts of a pod. */
export const podFacts = ({metadata, status}: PodObject): PodFacts => ({
	name: metadata.name,
	component: metadata.labels?.[componentLabel] ?? '',
	uid: metadata.uid,
	ready: (status?.conditions ?? []).some(condition => condition.type === 'Ready' && condition.status === 'True'),
	deleting: metadata.deletionTimestamp !== undefined,
	created: metadata.creationTimestamp,
	started: status?.startTime ?? '',
	revision: metadata.labels?.['controller-revision-hash'] ?? '',
	...(status?.podIP !== undefined && {address: status.podIP}),
	material: metadata.annotations?.[material] ?? '',
	containers: (status?.containerStatuses ?? []).map(container => ({
		name: container.name,
		startedAt: container.state?.running?.startedAt ?? '',
		restartCount: container.restartCount,
		ready: container.ready,
	})),
});

const setProgress = (status: StatefulSetObject['status'] = {}) => ({
	observedGeneration: status.observedGeneration ?? 0,
	readyReplicas: status.readyReplicas ?? 0,
	updatedReplicas: status.updatedReplicas ?? 0,
	currentRevision: status.currentRevision ?? '',
	updateRevision: status.updateRevision ?? '',
});

/** The facts of a StatefulSet. Fields that the API leaves out when they are 0 are 0. */
export const setFacts = ({metadata, spec, status}: StatefulSetObject): StatefulSetFacts => ({
	...setProgress(status),
	name: metadata.name,
	component: metadata.labels?.[componentLabel] ?? '',
	generation: metadata.generation ?? 0,
	replicas: spec.replicas ?? 1,
	partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
	strategy: spec.updateStrategy?.type ?? '',
	material: spec.template?.metadata?.annotations?.[material] ?? '',
	serviceName: spec.serviceName ?? '',
});

/** The facts of a TidbCluster. */
export const clusterFacts = ({metadata, spec, status}: TidbClusterObject): TidbClusterFacts => ({
	name: metadata.name,
	namespace: metadata.namespace,
	uid: metadata.uid,
	resourceVersion: metadata.resourceVersion,
	labels: metadata.labels ?? {},
	annotations: metadata.annotations ?? {},
	owners: (metadata.ownerReferences ?? []).map(({kind, name}) => ({kind, name})),
	spec: spec ?? {},
	status: status ?? {},
	managers: [...new Set((metadata.managedFields ?? []).map(entry => entry.manager))],
	writers: writersOf(metadata),
});
