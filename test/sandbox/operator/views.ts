import type {Pod, StatefulSet} from './types.ts';

/** A StatefulSet's place in a roll. */
export type SetView = {
	name: string;
	replicas: number;
	partition: number;
	generation: number;
	observedGeneration: number;
	currentRevision: string;
	updateRevision: string;

	/** How many pods exist, and how many are ready, as the StatefulSet controller counts. */
	pods: number;
	ready: number;
};

export type PodView = {
	name: string;
	ordinal: number;
	revision: string;
	ready: boolean;
	annotations: Record<string, string>;
};

export function setView({metadata, spec, status = {}}: StatefulSet): SetView {
	return {
		name: metadata.name,
		replicas: spec.replicas,
		partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
		generation: metadata.generation ?? 0,
		observedGeneration: status.observedGeneration ?? 0,
		currentRevision: status.currentRevision ?? '',
		updateRevision: status.updateRevision ?? '',
		pods: status.replicas ?? 0,
		ready: status.readyReplicas ?? 0,
	};
}

/** A pod that is being deleted is not ready, whatever its conditions say. */
export function podView({metadata, status}: Pod): PodView {
	return {
		name: metadata.name,
		ordinal: Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1)),
		revision: metadata.labels?.['controller-revision-hash'] ?? '',
		ready: metadata.deletionTimestamp === undefined && status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True') === true,
		annotations: metadata.annotations ?? {},
	};
}

/**
Whether pods of the set have yet to be replaced.

A change that the StatefulSet controller has not looked at yet counts as well: its revisions still are the old ones.
*/
export function isUpgrading(set: SetView): boolean {
	return set.observedGeneration === 0 ? false : set.currentRevision !== set.updateRevision || (set.generation > set.observedGeneration && set.replicas === set.pods);
}
