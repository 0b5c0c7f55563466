import {resources, type Kube} from '../sandbox/kube.ts';
import type {Pod, StatefulSet, TidbCluster} from '../sandbox/operator/types.ts';

const restartedAt = 'tidb.pingcap.com/restartedAt';

export type SetEntry = {
	kind: 'set'; name: string; restartedAt: string | undefined; partition: number; isRolling: boolean;
};
export type PodEntry = {
	kind: 'pod'; name: string; uid: string; restartedAt: string | undefined; isDeleting: boolean; isGone: boolean; isReady: boolean; annotations: Record<string, string>;
};
export type ClusterEntry = {
	kind: 'cluster'; generation: number; phases: Record<string, string | undefined>; synced: Record<string, boolean | undefined>; ready: string; status: string;
};
export type Entry = SetEntry | PodEntry | ClusterEntry;

const setEntry = ({metadata, spec, status}: StatefulSet): SetEntry => ({
	kind: 'set',
	name: metadata.name,
	restartedAt: spec.template.metadata.annotations?.[restartedAt],
	partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
	isRolling: status?.currentRevision !== status?.updateRevision,
});

const podEntry = ({metadata, status}: Pod, isGone: boolean): PodEntry => ({
	kind: 'pod',
	name: metadata.name,
	uid: metadata.uid ?? '',
	restartedAt: metadata.annotations?.[restartedAt],
	isDeleting: metadata.deletionTimestamp !== undefined,
	isGone,
	isReady: status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True') ?? false,
	annotations: metadata.annotations ?? {},
});

const clusterEntry = ({metadata, status = {}}: TidbCluster): ClusterEntry => {
	const [condition] = status.conditions ?? [];
	return {
		kind: 'cluster',
		generation: metadata.generation ?? 0,
		phases: {pd: status.pd?.phase, tikv: status.tikv?.phase, tidb: status.tidb?.phase},
		synced: {pd: status.pd?.synced, tikv: status.tikv?.synced, tidb: status.tidb?.synced},
		ready: `${condition?.status} ${condition?.reason}`,
		status: JSON.stringify(status),
	};
};

/**
Records every change of a namespace's StatefulSets and pods and of its TidbCluster, in the order in which the watches tell them.

Order holds within a kind; between kinds two entries that are close may be exchanged.
*/
export const recordTimeline = (kube: Kube, namespace: string, signal: AbortSignal): Entry[] => {
	const entries: Entry[] = [];
	const follow = <T extends StatefulSet | Pod | TidbCluster>(resource: typeof resources[keyof typeof resources], entry: (object: T, isGone: boolean) => Entry) => {
		const note = (object: T, isGone = false) => {
			if (object.metadata.namespace === namespace) {
				entries.push(entry(object, isGone));
			}
		};

		const handler = {
			listed(objects: T[]) {
				for (const object of objects) {
					note(object);
				}
			},
			changed(type: string, object: T) {
				note(object, type === 'DELETED');
			},
		};
		void kube.watch<T>(resource, handler, {signal});
	};

	follow<StatefulSet>(resources.statefulSets, setEntry);
	follow<Pod>(resources.pods, podEntry);
	follow<TidbCluster>(resources.tidbClusters, clusterEntry);
	return entries;
};

/** A list without what repeats its predecessor. */
export const withoutRepeats = <T>(list: T[]): T[] => list.filter((one, index) => index === 0 || one !== list[index - 1]);

/** The entries of one kind. */
export const ofKind = <K extends Entry['kind']>(entries: Entry[], kind: K): Array<Extract<Entry, {kind: K}>> => entries.filter(entry => entry.kind === kind) as Array<Extract<Entry, {kind: K}>>;
