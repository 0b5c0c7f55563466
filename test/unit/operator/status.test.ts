import test from 'ava';
import {withoutUndefined} from '../../sandbox/operator/compare.ts';
import {conditions} from '../../sandbox/operator/conditions.ts';
import type {Facts, PdFacts} from '../../sandbox/operator/facts.ts';
import {phaseOf} from '../../sandbox/operator/phase.ts';
import {missingLabels} from '../../sandbox/operator/pod-labels.ts';
import {statusOf} from '../../sandbox/operator/status.ts';
import type {
	Claim,
	ComponentName,
	Pod,
	TidbClusterStatus,
} from '../../sandbox/operator/types.ts';
import {setView} from '../../sandbox/operator/views.ts';
import {
	component,
	recorded,
	recordedCluster,
	recordedSet,
} from './recorded.ts';

const now = Date.UTC(2026, 10, 23, 22, 0, 0);

/** What the recorded cluster would answer. */
const facts = (): Facts => {
	const {status} = recordedCluster();
	return {
		now,
		pd: {
			clusterId: status?.clusterID ?? '',
			members: Object.values(status?.pd?.members ?? {}) as PdFacts['members'],
			leader: 'basic-pd-1',
		},
		tikv: Object.fromEntries([0, 1, 2].map(ordinal => [`basic-tikv-${ordinal}`, {up: true, leaders: 0}])),
		tidb: {'basic-tidb-0': true, 'basic-tidb-1': true},
		microservices: {},
		dm: {},
	};
};

const podsOf = (name: ComponentName): Pod[] => [0, 1, 2].map(ordinal => {
	const pod = recorded<Pod>(`pod-basic-${name}-0.yaml`);
	pod.metadata.name = `basic-${name}-${ordinal}`;
	return pod;
});

const claims: Claim[] = [0, 1, 2].map(ordinal => ({metadata: {name: `x-${ordinal}`, namespace: 'tidb'}, status: {phase: 'Bound'}}));

const statusFrom = (name: 'pd' | 'tikv' | 'tidb', answers: Facts, cluster = recordedCluster()) => {
	const set = recordedSet(name);
	const {replicas} = cluster.spec[name]!;
	const view = setView(set);
	const phase = phaseOf(view, {replicas, waits: false, last: 'Normal'});
	const status = statusOf({
		cluster, component: component(name), set, pods: podsOf(name), claims, facts: answers, phase,
	});
	return withoutUndefined(status);
};

for (const name of ['pd', 'tikv', 'tidb'] as const) {
	test(`the status of ${name} is the recorded one`, t => {
		t.deepEqual(statusFrom(name, facts()), recordedCluster().status?.[name]);
	});
}

test('while PD cannot be asked its members stay, and it is not synced', t => {
	const {members, leader} = recordedCluster().status!.pd!;
	t.like(statusFrom('pd', {...facts(), pd: undefined}), {members, leader, synced: false});
});

test('a TiDB whose status port does not answer is unhealthy from now on', t => {
	t.like(statusFrom('tidb', {...facts(), tidb: {'basic-tidb-0': true}}), {
		members: {'basic-tidb-1': {health: false, lastTransitionTime: '2026-11-23T22:00:00Z'}},
	});
});

const reason = (change: (status: TidbClusterStatus) => void) => {
	const cluster = recordedCluster();
	const status = structuredClone(cluster.status!);
	change(status);
	const [condition] = conditions(cluster, status, now);
	return [condition?.status, condition?.reason, condition?.lastTransitionTime];
};

test('the condition Ready names the first thing that is wrong', t => {
	const changed = '2026-11-23T22:00:00Z';
	t.deepEqual(conditions(recordedCluster(), recordedCluster().status!, now), recordedCluster().status!.conditions);
	t.deepEqual(reason(status => {
		status.tidb!.statefulSet!.updateRevision = 'other';
		status.pd!.synced = false;
	}), ['False', 'StatefulSetNotUpToDate', changed]);
	t.deepEqual(reason(status => {
		status.pd!.synced = false;
		status.tikv!.stores!['1']!.state = 'Disconnected';
	}), ['False', 'PDUnhealthy', changed]);
	t.deepEqual(reason(status => {
		status.tikv!.stores!['1']!.state = 'Disconnected';
	}), ['False', 'TiKVStoreNotUp', changed]);
	t.deepEqual(reason(status => {
		status.tidb!.members!['basic-tidb-0']!.health = false;
	}), ['False', 'TiDBUnhealthy', changed]);
});

test('pods get the labels that PD has told, as recorded', t => {
	for (const name of ['pd', 'tikv', 'tidb'] as const) {
		const pod = recorded<Pod>(`pod-basic-${name}-0.yaml`);
		t.is(missingLabels(recordedCluster(), name, pod, facts().pd!), undefined);
		delete pod.metadata.labels!['tidb.pingcap.com/cluster-id'];
		t.deepEqual(missingLabels(recordedCluster(), name, pod, facts().pd!), {'tidb.pingcap.com/cluster-id': '7711478350450916395'});
	}
});
