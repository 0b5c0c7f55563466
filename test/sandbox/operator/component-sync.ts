import type {ClientSecret} from './ask.ts';
import type {Component} from './components.ts';
import {configMap} from './config-maps.ts';
import type {Facts} from './facts.ts';
import type {Log} from './log.ts';
import {labelsOf} from './metadata.ts';
import {busyBefore, phaseOf} from './phase.ts';
import {availabilityProblem} from './availability.ts';
import {changeSet} from './change-set.ts';
import {servicesOf} from './services.ts';
import {statefulSet} from './statefulsets.ts';
import {statusOf} from './status.ts';
import type {
	ComponentName,
	Phase,
	TidbCluster,
	TidbClusterStatus,
} from './types.ts';
import {setView} from './views.ts';
import type {World} from './world.ts';

/** What one sync knows, and the status that it builds. */
export type Context = {
	world: World;
	cluster: TidbCluster;
	facts: Facts;
	secret: ClientSecret | undefined;
	status: TidbClusterStatus;
	phases: Partial<Record<ComponentName, Phase>>;
	log: Log;
};

/**
Syncs one component: status, Services, ConfigMap, StatefulSet, roll.

@returns Why those behind it must wait; undefined where they need not.
*/
export async function syncComponent(context: Context, component: Component): Promise<string | undefined> {
	const {world, cluster, facts, status, phases} = context;
	const {namespace, name: clusterName} = cluster.metadata;
	const {name} = component;
	const set = world.get('statefulSets', namespace, `${clusterName}-${name}`);
	const pods = world.list('pods', namespace, labelsOf(cluster, name));
	const phase = phaseOf(set && setView(set), {
		replicas: cluster.spec[name]?.replicas ?? 0,
		waits: busyBefore(component, phases) !== undefined,
		last: cluster.status?.[name]?.phase,
	});
	phases[name] = phase;
	const claims = pods.map(pod => world.get('persistentVolumeClaims', namespace, `${name}-${pod.metadata.name}`)).filter(claim => claim !== undefined);
	status[name] = statusOf({
		cluster, component, set, pods, claims, facts, phase,
	});
	if (cluster.spec.paused) {
		return undefined;
	}

	const config = await ensureObjects(world, cluster, component);
	const problem = availabilityProblem(component, status, facts);
	if (problem !== undefined) {
		return problem;
	}

	const wanted = statefulSet(cluster, component, config);
	if (!set) {
		await world.create('statefulSets', wanted);
	} else if (name === 'pd' && phase === 'Upgrade' && !facts.pd) {
		// As the operator says it. Nothing behind PD is synced from here on, however long it lasts (tidb-facts 3.3).
		return 'pd status sync failed, can not to be upgraded';
	} else if (phase === 'Upgrade' && !facts.pd && (name === 'tso' || name === 'scheduling')) {
		return `pdMS status sync failed, can not to be upgraded, component: ${name}`;
	} else {
		await changeSet(context, {
			component, live: set, wanted, pods, phase,
		});
	}

	return undefined;
}

/** Services and ConfigMap. What is there already stays as it is: a changed configuration has another name. */
async function ensureObjects(world: World, cluster: TidbCluster, component: Component): Promise<string> {
	const {namespace} = cluster.metadata;
	for (const service of servicesOf(cluster, component)) {
		if (!world.get('services', namespace, service.metadata.name)) {
			await world.create('services', service);
		}
	}

	const config = configMap(cluster, component.name);
	if (!world.get('configMaps', namespace, config.metadata.name)) {
		await world.create('configMaps', config);
	}

	return config.metadata.name;
}
