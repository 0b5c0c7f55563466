import {components, dmComponents, type Component} from './components.ts';
import type {ComponentName, Phase, TidbCluster} from './types.ts';
import {isUpgrading, type SetView} from './views.ts';

type PhaseFacts = {
	/** How many are wanted. */
	replicas: number;

	/** Whether a component that comes before it is busy. */
	waits: boolean;

	/** The phase before: a scaling lasts until all pods are ready. */
	last: Phase | undefined;
};

/** A component's phase, by its StatefulSet (undefined before there is one): one that has pods to replace but waits for another component is `Normal` (tidb-facts 3.2). */
export function phaseOf(set: SetView | undefined, {replicas, waits, last}: PhaseFacts): Phase {
	if (!set) {
		return 'Normal';
	}

	if (!waits && isUpgrading(set)) {
		return 'Upgrade';
	}

	const isSettling = last === 'Scale' && (set.pods !== replicas || set.ready !== replicas);
	return isSettling || set.replicas !== replicas ? 'Scale' : 'Normal';
}

/** The first component that comes before this one and is busy, by this sync's phases. */
export function busyBefore(component: Component, phases: Partial<Record<ComponentName, Phase>>): ComponentName | undefined {
	return component.waitsFor.find(name => (phases[name] ?? 'Normal') !== 'Normal');
}

/** The components that the cluster has, in the order of a sync. */
export function componentsOf(cluster: TidbCluster): Component[] {
	return [...components, ...dmComponents].filter(({name}) => cluster.spec[name] !== undefined);
}
