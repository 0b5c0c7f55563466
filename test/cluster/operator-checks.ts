import type {ComponentName} from '../sandbox/operator/types.ts';
import {
	ofKind,
	withoutRepeats,
	type ClusterEntry,
	type Entry,
	type PodEntry,
	type SetEntry,
} from './operator-timeline.ts';

/** Of AVA's assertions those that are used here. */
type Assertions = {
	deepEqual: (actual: unknown, expected: unknown, message?: string) => boolean;
	true: (isTrue: boolean, message?: string) => boolean;
	false: (isTrue: boolean, message?: string) => boolean;
	is: (actual: unknown, expected: unknown, message?: string) => boolean;
};

/** The annotation is in all templates before the first pod is deleted. */
export function checkTemplates(entries: Entry[], t: Assertions): void {
	const first = entries.findIndex(entry => entry.kind === 'pod' && entry.isDeleting);
	const annotated = ofKind(entries.slice(0, first), 'set').filter(({restartedAt}) => restartedAt === 'B').map(({name}) => name);
	t.deepEqual([...new Set(annotated)].toSorted(), ['basic-pd', 'basic-tidb', 'basic-tikv']);
}

export function checkPartitions(sets: SetEntry[], t: Assertions): void {
	const of = (name: string) => withoutRepeats(sets.filter(set => set.name === name).map(({partition}) => partition));
	t.deepEqual(of('basic-pd'), [3, 2, 1, 0, 3]);
	t.deepEqual(of('basic-tikv'), [3, 2, 1, 0, 3]);
	t.deepEqual(of('basic-tidb'), [2, 1, 0, 2]);
	// Back to replicas only when the roll is over.
	for (const [index, set] of sets.entries()) {
		const before = sets.slice(0, index).findLast(({name}) => name === set.name);
		t.false(before !== undefined && set.partition > before.partition && set.isRolling, set.name);
	}
}

/** One pod at a time, in the order of the recording, the next when its predecessor's successor is ready. */
export function checkPods(pods: PodEntry[], t: Assertions): void {
	const deleted = withoutRepeats(pods.filter(({isDeleting}) => isDeleting).map(({name}) => name));
	const expected = [...ordinals('pd', 3), ...ordinals('tikv', 3), ...ordinals('tidb', 2)];
	t.deepEqual(deleted, expected);
	for (const [index, name] of expected.slice(1).entries()) {
		const begin = pods.findIndex(pod => pod.name === name && pod.isDeleting);
		const before = pods.slice(0, begin).findLast(pod => pod.name === expected[index]);
		t.true(before?.isReady === true && before.restartedAt === 'B', `${expected[index]} is ready again before ${name} is deleted`);
	}
}

const ordinals = (name: ComponentName, count: number): string[] => Array.from({length: count}, (_, index) => `basic-${name}-${count - 1 - index}`);

export function checkEvictions(pods: PodEntry[], t: Assertions): void {
	for (const name of ordinals('tikv', 3)) {
		const goes = pods.find(pod => pod.name === name && pod.isDeleting);
		t.true(goes?.annotations.evictLeaderBeginTime !== undefined, `${name} was evicted before it was deleted`);
		const last = pods.findLast(pod => pod.name === name);
		t.true(last?.annotations['tidb.pingcap.com/tikv-evict-leader-end-at'] !== undefined, `the eviction of ${name} has ended`);
		t.is(last?.annotations.evictLeaderBeginTime, undefined);
	}

	t.true(pods.filter(({name}) => !name.startsWith('basic-tikv')).every(({annotations}) => annotations.evictLeaderBeginTime === undefined));
}

/** One component in phase Upgrade at a time; Ready is StatefulSetNotUpToDate from the beginning to the end; the generation grows with the status. */
export function checkClusters(clusters: ClusterEntry[], t: Assertions): void {
	const busy = clusters.map(({phases}) => Object.entries(phases).filter(([, phase]) => phase !== 'Normal').map(([name, phase]) => `${name} ${phase}`).join(', '));
	t.deepEqual(withoutRepeats(busy.filter(Boolean)), ['pd Upgrade', 'tikv Upgrade', 'tidb Upgrade']);
	const [first, second, ...rest] = withoutRepeats(clusters.map(({ready}) => ready));
	t.deepEqual([first, second, rest.at(-1)], ['True Ready', 'False StatefulSetNotUpToDate', 'True Ready']);
	// The last TiDB may be ready a moment before it answers.
	t.deepEqual(rest.slice(0, -1).filter(ready => ready !== 'False TiDBUnhealthy'), []);
	t.true(clusters.every(({synced}) => synced.tidb === undefined && synced.tikv !== undefined));
	for (const [index, {generation, status}] of clusters.slice(1).entries()) {
		const before = clusters[index];
		t.true(status === before?.status || generation > before!.generation, 'no status subresource');
	}
}
