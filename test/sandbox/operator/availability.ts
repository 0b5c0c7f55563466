import type {Component} from './components.ts';
import type {Facts} from './facts.ts';
import type {TidbClusterStatus} from './types.ts';

/** Why a component is not synced at all, by the status as far as this sync has built it: all but PD and its microservices wait for PD, and what comes after TiKV for one TiKV; DM's workers for most of its masters. */
export function availabilityProblem({waitsFor, name}: Component, status: TidbClusterStatus, facts: Facts): string | undefined {
	if (name === 'tso' || name === 'scheduling') {
		return undefined;
	}

	if (name === 'dm-master' || name === 'dm-worker') {
		const masters = Object.values(status['dm-master']?.members ?? {});
		return name === 'dm-worker' && masters.filter(({health}) => health).length * 2 <= masters.length ? 'waiting for dm-master cluster running' : undefined;
	}

	const members = facts.pd?.members ?? [];
	if (name !== 'pd' && members.filter(({health}) => health).length * 2 <= members.length) {
		return `${name}: waiting for PD cluster running`;
	}

	const hasTikv = Object.values(status.tikv?.stores ?? {}).some(({state}) => state === 'Up');
	return !hasTikv && status.tikv?.phase !== undefined && waitsFor.includes('tikv') ? `${name}: waiting for TiKV cluster running` : undefined;
}
