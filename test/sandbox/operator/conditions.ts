import {toTime} from './policies.ts';
import type {
	ComponentName,
	Condition,
	SetStatus,
	TidbCluster,
	TidbClusterStatus,
} from './types.ts';

/** The StatefulSets of the others do not count (tidb-facts 3.3). */
const counted: ComponentName[] = ['pd', 'tikv', 'tidb', 'tiflash'];

/**
The condition Ready. Its reasons are looked for in this order: a StatefulSet that is not up to date, PD, TiKV, TiDB.

@param cluster - With the conditions before.
@param status - As this sync has built it.
@param now - In milliseconds, as Date.now().
@returns status.conditions; the times change only with the condition.
*/
export function conditions(cluster: TidbCluster, status: TidbClusterStatus, now: number): Condition[] {
	return condition(cluster, reasonOf(cluster, status), now);
}

/** The same of a DMCluster, by dm_cluster_condition_updater.go: StatefulSets, masters, workers. */
export function dmConditions(cluster: TidbCluster, status: TidbClusterStatus, now: number): Condition[] {
	return condition(cluster, dmReason(cluster, status), now);
}

function condition(cluster: TidbCluster, [reason, message]: Reason, now: number): Condition[] {
	const state = reason === 'Ready' ? 'True' : 'False';
	const last = cluster.status?.conditions?.find(({type}) => type === 'Ready');
	const time = toTime(now);
	const isSame = last?.status === state && last.reason === reason && last.message === message;
	return [{
		lastTransitionTime: last?.status === state ? last.lastTransitionTime : time,
		lastUpdateTime: isSame ? last.lastUpdateTime : time,
		message,
		reason,
		status: state,
		type: 'Ready',
	}];
}

type Reason = [reason: string, message: string];

function dmReason({spec}: TidbCluster, status: TidbClusterStatus): Reason {
	const {'dm-master': masters, 'dm-worker': workers} = status;
	if (!isUpToDate(masters?.statefulSet) || (spec['dm-worker'] && !isUpToDate(workers?.statefulSet))) {
		return ['StatefulSetNotUpToDate', 'Statefulset(s) are in progress'];
	}

	if (!isWhole(masters?.members, spec['dm-master']?.replicas ?? 0, ({health}) => health === true)) {
		return ['MasterUnhealthy', 'dm-master(s) are not healthy'];
	}

	// The operator's reason for workers is that of the masters, too.
	return isWhole(workers?.members, spec['dm-worker']?.replicas ?? 0, ({stage}) => stage !== 'offline')
		? ['Ready', 'DM cluster is fully up and running']
		: ['MasterUnhealthy', 'some dm-worker(s) are not up yet'];
}

function reasonOf({spec}: TidbCluster, status: TidbClusterStatus): Reason {
	if (counted.some(name => spec[name] !== undefined && !isUpToDate(status[name]?.statefulSet))) {
		return ['StatefulSetNotUpToDate', 'Statefulset(s) are in progress'];
	}

	if (spec.pd && !(status.pd?.synced && isWhole(status.pd.members, spec.pd.replicas, ({health}) => health === true))) {
		return ['PDUnhealthy', 'PD(s) are not healthy'];
	}

	if (spec.tikv && !isWhole(status.tikv?.stores, spec.tikv.replicas, ({state}) => state === 'Up')) {
		return ['TiKVStoreNotUp', 'TiKV store(s) are not up'];
	}

	return spec.tidb && !isWhole(status.tidb?.members, spec.tidb.replicas, ({health}) => health === true)
		? ['TiDBUnhealthy', 'TiDB(s) are not healthy']
		: ['Ready', 'TiDB cluster is fully up and running'];
}

/** By the copy in the TidbCluster's status, as the operator does: a changed template counts from the next sync on. */
function isUpToDate(set: SetStatus | undefined): boolean {
	return set?.updateRevision !== undefined && set.currentRevision === set.updateRevision;
}

function isWhole<T>(things: Record<string, T> | undefined, count: number, isGood: (thing: T) => boolean): boolean {
	const list = Object.values(things ?? {});
	return list.length === count && list.every(thing => isGood(thing));
}
