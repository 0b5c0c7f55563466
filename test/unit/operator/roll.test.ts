import test from 'ava';
import {
	evictionBegin,
	evictionEnd,
	pdPolicy,
	plainPolicy,
	tikvPolicy,
} from '../../sandbox/operator/policies.ts';
import {busyBefore, phaseOf} from '../../sandbox/operator/phase.ts';
import {rollSteps} from '../../sandbox/operator/roll.ts';
import {isUpgrading, type PodView, type SetView} from '../../sandbox/operator/views.ts';
import {component} from './recorded.ts';

const set = (change: Partial<SetView> = {}): SetView => ({
	name: 'basic-x', replicas: 3, partition: 3, generation: 7, observedGeneration: 7, currentRevision: 'old', updateRevision: 'new', pods: 3, ready: 3, ...change,
});

/** Pods 0 to n by their revisions; one with `!` is not ready. */
const pods = (name: string, ...revisions: string[]): PodView[] => revisions.map((revision, ordinal) => ({
	name: `basic-${name}-${ordinal}`, ordinal, revision: revision.replace('!', ''), ready: !revision.endsWith('!'), annotations: {},
}));

const all = new Set(['basic-pd-0', 'basic-pd-1', 'basic-pd-2', 'basic-tikv-0', 'basic-tikv-1', 'basic-tikv-2']);
const pd = (leader: string, healthy: ReadonlySet<string> = all) => pdPolicy({replicas: 3, leader, healthy});
/** Why the roll waits, if it does. */
const waits = (...call: Parameters<typeof rollSteps>): string | undefined => {
	const last = rollSteps(...call).at(-1);
	return last?.do === 'wait' ? last.why : undefined;
};

test('the partition goes down by one, from the highest ordinal', t => {
	const partitions = [];
	for (const [partition, revisions] of [[3, 'old old old'], [2, 'old old new'], [1, 'old new new'], [0, 'new new new']] as const) {
		const list = pods('pd', ...revisions.split(' '));
		const steps = rollSteps(set({partition}), list, pd('basic-pd-9'));
		partitions.push(...steps);
	}

	t.deepEqual(partitions, [{do: 'partition', to: 2}, {do: 'partition', to: 1}, {do: 'partition', to: 0}]);
});

test('the next pod waits until the one before is replaced, ready and healthy', t => {
	const policy = pd('basic-pd-9', new Set(['basic-pd-0', 'basic-pd-1']));
	const why = (...revisions: string[]) => {
		const list = pods('pd', ...revisions);
		return waits(set({partition: 2}), list, policy);
	};

	t.is(why('old', 'old', 'old!'), 'pod basic-pd-2 is being replaced');
	t.is(why('old', 'old'), 'pod basic-x-2 does not exist');
	t.is(why('old', 'old', 'new!'), 'pd upgraded pod: [basic-pd-2] is not ready');
	t.is(why('old', 'old', 'new'), 'pd upgraded pod: [basic-pd-2], pd member is not healthy');
});

test('a TiDB that is ready but does not answer holds the roll up', t => {
	const list = pods('tidb', 'new');
	const policy = plainPolicy('tidb', new Set());
	t.is(waits(set({replicas: 1}), list, policy), 'tidb upgraded pod: [basic-tidb-0] is not healthy');
});

test('a PD that leads hands over before its pod goes', t => {
	const highest = pods('pd', 'old', 'old', 'old');
	const other = pods('pd', 'old', 'old', 'new');
	t.deepEqual(rollSteps(set(), highest, pd('basic-pd-2')), [{do: 'transfer leader', from: 'basic-pd-2', to: 'basic-pd-0'}]);
	t.deepEqual(rollSteps(set({partition: 2}), other, pd('basic-pd-1')), [{do: 'transfer leader', from: 'basic-pd-1', to: 'basic-pd-2'}]);
});

const tikv = (leaders: Record<string, number | undefined>, replicas = 3) => tikvPolicy({
	replicas, leaders, up: all, now: Date.UTC(2026, 10, 23), timeout: 60_000,
});

test('a TiKV goes only after its leaders were evicted, and not while its metrics cannot be asked', t => {
	const list = pods('tikv', 'old', 'old', 'old');
	t.deepEqual(rollSteps(set(), list, tikv({})).slice(0, 1), [{do: 'annotate', pod: 'basic-tikv-2', annotations: {[evictionBegin]: '2026-11-23T00:00:00Z'}}]);
	list[2]!.annotations = {[evictionBegin]: '2026-11-23T00:00:00Z'};
	t.is(waits(set(), list, tikv({})), 'cannot ask basic-tikv-2 for its leaders');
	t.is(waits(set(), list, tikv({'basic-tikv-2': 2})), 'basic-tikv-2 still has 2 leaders');
	t.deepEqual(rollSteps(set(), list, tikv({'basic-tikv-2': 0})), [{do: 'partition', to: 2}]);
	list[2]!.annotations = {[evictionBegin]: '2026-11-22T23:58:00Z'};
	t.deepEqual(rollSteps(set(), list, tikv({'basic-tikv-2': 2})), [{do: 'partition', to: 2}]);
});

test('the end of an eviction is noted with the beginning of the next, and of the last one too', t => {
	const steps = rollSteps(set({partition: 2}), pods('tikv', 'old', 'old', 'new'), tikv({}));
	t.like(steps, [{pod: 'basic-tikv-2', annotations: {[evictionEnd]: '2026-11-23T00:00:00Z'}}, {pod: 'basic-tikv-1', annotations: {[evictionBegin]: '2026-11-23T00:00:00Z'}}]);
	const done = pods('tikv', 'new', 'new', 'new');
	done[1]!.annotations = {[evictionEnd]: 'x'};
	done[2]!.annotations = {[evictionEnd]: 'x'};
	t.like(rollSteps(set({currentRevision: 'new', partition: 0}), done, tikv({})), [{do: 'annotate', pod: 'basic-tikv-0'}]);
});

test('nothing is decided on revisions that the StatefulSet controller has not brought up to date', t => {
	const list = pods('tikv', 'old', 'old', 'old');
	t.is(waits(set({generation: 8, updateRevision: 'old'}), list, tikv({})), 'the StatefulSet controller has not looked at the last change of basic-x');
});

test('a single TiKV goes without an eviction', t => {
	t.deepEqual(rollSteps(set({replicas: 1, partition: 1}), pods('tikv', 'old'), tikv({}, 1)), [{do: 'partition', to: 0}]);
});

test('a component that waits for another stays Normal', t => {
	t.is(busyBefore(component('tikv'), {pd: 'Upgrade'}), 'pd');
	t.is(busyBefore(component('tidb'), {pd: 'Normal', tikv: 'Scale'}), 'tikv');
	t.is(busyBefore(component('tiproxy'), {pd: 'Upgrade'}), undefined);
	t.is(phaseOf(set(), {replicas: 3, waits: true, last: 'Normal'}), 'Normal');
	t.is(phaseOf(set(), {replicas: 3, waits: false, last: 'Normal'}), 'Upgrade');
});

test('a change of replicas is a Scale until all pods are ready', t => {
	const rest = {currentRevision: 'new'};
	t.is(phaseOf(set(rest), {replicas: 4, waits: false, last: 'Normal'}), 'Scale');
	t.is(phaseOf(set({
		...rest, replicas: 4, pods: 4, ready: 3,
	}), {replicas: 4, waits: false, last: 'Scale'}), 'Scale');
	t.is(phaseOf(set({
		...rest, replicas: 4, pods: 4, ready: 4,
	}), {replicas: 4, waits: false, last: 'Scale'}), 'Normal');
	t.is(phaseOf(set({...rest, ready: 2}), {replicas: 3, waits: false, last: 'Normal'}), 'Normal');
});

test('a change that the StatefulSet controller has not seen counts as a roll', t => {
	t.true(isUpgrading(set({currentRevision: 'new', generation: 8})));
	t.false(isUpgrading(set({currentRevision: 'new'})));
	t.false(isUpgrading(set({observedGeneration: 0})));
});
