import {partOf, runningComponents} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation, PodFacts} from '../observe/types.ts';

/** How many pods a TidbCluster's spec asks for. */
export const replicasOf = (cluster: Cluster, {cluster: {spec}}: Observation): number =>
	runningComponents(cluster).reduce((sum, component) => sum + (partOf(spec, component)?.replicas ?? 0), 0);

/** The pods that a rotation restarts. */
export const runningPods = (cluster: Cluster, {pods}: Observation): PodFacts[] => {
	const running: string[] = runningComponents(cluster);
	return pods.filter(({component}) => running.includes(component));
};
