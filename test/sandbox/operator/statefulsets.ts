import {hasAll} from './compare.ts';
import type {Component} from './components.ts';
import {containersOf} from './containers.ts';
import {labelsOf, ownedMetadata} from './metadata.ts';
import type {ComponentSpec, StatefulSet, TidbCluster} from './types.ts';
import {claimTemplates, volumesOf} from './volumes.ts';

/**
The StatefulSet of a component, without what the API server fills in.

The partition equals the number of replicas: a changed template restarts nothing until the roll lowers it.

@param cluster - With its defaults.
@param component - One that the cluster has.
@param configMap - The name of the component's ConfigMap.
@throws {Error} The cluster has no such component.
*/
export function statefulSet(cluster: TidbCluster, component: Component, configMap: string): StatefulSet {
	const spec = cluster.spec[component.name];
	if (!spec) {
		throw new Error(`TidbCluster ${cluster.metadata.name} has no spec.${component.name}`);
	}

	const name = `${cluster.metadata.name}-${component.name}`;
	const labels = labelsOf(cluster, component.name);
	const claims = claimTemplates(component, spec);
	return {
		apiVersion: 'apps/v1',
		kind: 'StatefulSet',
		metadata: ownedMetadata(cluster, component.name, name),
		spec: {
			podManagementPolicy: 'Parallel',
			replicas: spec.replicas,
			selector: {matchLabels: labels},
			serviceName: component.name === 'pump' ? name : `${name}-peer`,
			template: {
				metadata: {annotations: annotationsOf(cluster, component, spec), labels: {...labels, ...spec.labels}},
				spec: {
					containers: containersOf(cluster, component, spec),
					volumes: volumesOf(cluster, component, configMap),
				},
			},
			updateStrategy: {type: 'RollingUpdate', rollingUpdate: {partition: spec.replicas}},
			...(claims.length > 0) && {volumeClaimTemplates: claims},
		},
	};
}

/** What the pods carry: Prometheus' annotations and those of the TidbCluster's spec, tidb.pingcap.com/restartedAt among them. */
function annotationsOf(cluster: TidbCluster, component: Component, spec: ComponentSpec): Record<string, string> {
	return {
		'prometheus.io/path': '/metrics',
		'prometheus.io/port': String(component.metricsPort),
		'prometheus.io/scrape': 'true',
		...cluster.spec.annotations,
		...spec.annotations,
	};
}

/** Whether a live StatefulSet's pod template is the wanted one. An annotation that is no longer wanted counts as a difference. */
export function hasTemplate(live: StatefulSet, wanted: StatefulSet): boolean {
	const keys = (set: StatefulSet) => Object.keys(set.spec.template.metadata.annotations ?? {}).length;
	return keys(live) === keys(wanted) && hasAll(live.spec.template, wanted.spec.template);
}

/**
The merge patch that brings a live StatefulSet to the wanted template, replicas and partition.

@returns undefined where nothing differs.
*/
export function setPatch(live: StatefulSet, wanted: StatefulSet, {replicas, partition}: {replicas: number; partition: number}): Record<string, unknown> | undefined {
	const spec: Record<string, unknown> = {};
	if (!hasTemplate(live, wanted)) {
		const {annotations, labels} = wanted.spec.template.metadata;
		const gone = Object.keys(live.spec.template.metadata.annotations ?? {}).filter(key => annotations?.[key] === undefined);

		const nulls = Object.fromEntries(gone.map(key => [key, null]));
		spec.template = {metadata: {annotations: {...annotations, ...nulls}, labels}, spec: wanted.spec.template.spec};
	}

	if (live.spec.replicas !== replicas) {
		spec.replicas = replicas;
	}

	if (live.spec.updateStrategy?.rollingUpdate?.partition !== partition) {
		spec.updateStrategy = {type: 'RollingUpdate', rollingUpdate: {partition}};
	}

	return Object.keys(spec).length === 0 ? undefined : {spec};
}
