import type {Facts, PdFacts} from './facts.ts';
import {toTime} from './policies.ts';
import type {
	Member,
	Pod,
	Store,
	TidbCluster,
} from './types.ts';

type Named = {cluster: TidbCluster; replicas: number; pods: Pod[]; facts: Facts};

/** PD's members as PD's own API has them. The time changes with the health. */
export function pdMembers({members}: PdFacts, now: number, last: Record<string, Member> = {}): Record<string, Member> {
	return Object.fromEntries(members.map(({name, id, clientURL, health}) => [name, {
		clientURL,
		health,
		id,
		lastTransitionTime: last[name]?.health === health ? last[name].lastTransitionTime : toTime(now),
		name,
	}]));
}

/** DM's masters, healthy where the client port answered; the first of those leads. */
export function dmMasters({cluster, replicas, facts, last = {}}: Named & {last: Record<string, Member> | undefined}): Record<string, Member> {
	return Object.fromEntries(podNames(cluster, 'dm-master', replicas).map((name, ordinal) => {
		const health = facts.dm[name] ?? false;
		return [name, {
			name,
			id: String(ordinal + 1),
			health,
			clientURL: `https://${name}.${cluster.metadata.name}-dm-master-peer:8261`,
			lastTransitionTime: last[name]?.health === health ? last[name].lastTransitionTime : toTime(facts.now),
		}];
	}));
}

/** DM's workers: one that answered is free, since there are no sources. */
export function dmWorkers({cluster, replicas, facts, last = {}}: Named & {last: Record<string, Member> | undefined}): Record<string, Member> {
	return Object.fromEntries(podNames(cluster, 'dm-worker', replicas).map(name => {
		const isUp = facts.dm[name] ?? false;
		const stage = isUp ? 'free' : 'offline';
		return [name, {
			name, stage, addr: `${name}.${cluster.metadata.name}-dm-worker-peer:8262`, lastTransitionTime: last[name]?.stage === stage ? last[name].lastTransitionTime : toTime(facts.now),
		}];
	}));
}

/** TiDB's members: one per ordinal, healthy where the status port answered. */
export function tidbMembers({cluster, replicas, pods, facts, last = {}}: Named & {last: Record<string, Member> | undefined}): Record<string, Member> {
	const members: Record<string, Member> = {};
	for (const name of podNames(cluster, 'tidb', replicas)) {
		const isHealthy = facts.tidb[name] ?? false;
		const node = pods.find(({metadata}) => metadata.name === name)?.spec?.nodeName;
		members[name] = {
			health: isHealthy,
			lastTransitionTime: last[name]?.health === isHealthy ? last[name].lastTransitionTime : toTime(facts.now),
			name,
			...node !== undefined && {node},
		};
	}

	return members;
}

/**
TiKV's stores.

The operator reads them from PD. The TiKV stand-ins do not register there, so a store is a pod: its id is the ordinal and one, and it is `Up` while the pod's status port answers.
*/
export function tikvStores({cluster, replicas, facts, last = {}}: Named & {last: Record<string, Store> | undefined}): Record<string, Store> {
	const stores: Record<string, Store> = {};
	for (const [ordinal, podName] of podNames(cluster, 'tikv', replicas).entries()) {
		const id = storeId(ordinal);
		const fact = facts.tikv[podName];
		const old = last[id];
		if (!fact && !old) {
			continue;
		}

		const state = fact?.up ? 'Up' : 'Disconnected';
		const {name, namespace} = cluster.metadata;
		stores[id] = {
			id,
			ip: `${podName}.${name}-tikv-peer.${namespace}.svc`,
			lastTransitionTime: old?.state === state ? old.lastTransitionTime : toTime(facts.now),
			leaderCount: fact?.leaders ?? 0,
			podName,
			state,
		};
	}

	return stores;
}

/** The id that a TiKV pod has as a store. */
export const storeId = (ordinal: number): string => String(ordinal + 1);

function podNames(cluster: TidbCluster, component: string, replicas: number): string[] {
	return Array.from({length: replicas}, (_, ordinal) => `${cluster.metadata.name}-${component}-${ordinal}`);
}
