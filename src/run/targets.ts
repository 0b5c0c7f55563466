import {components, servername} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Access} from '../observe/cluster.ts';
import {inside} from '../observe/inside.ts';
import type {Target} from '../observe/shake-all.ts';
import type {Inside, Observation, PodFacts} from '../observe/types.ts';
import {sideBySide} from './side-by-side.ts';

/** Pods looked into at a time: each costs some kubectls. */
const atOnce = 4;

const podsOf = (observation: Observation, asked: ComponentName[]): PodFacts[] =>
	observation.pods.filter(pod => asked.includes(pod.component as ComponentName) && !pod.deleting);

/** The pods of these components with their TLS ports, each by the name that a component would use. */
export const targets = (cluster: Cluster, observation: Observation, asked: ComponentName[]): Target[] => asked.flatMap(component => {
	const service = observation.sets.find(set => set.component === component)?.serviceName ?? '';
	return podsOf(observation, [component]).map(pod => ({
		component,
		pod: pod.name,
		namespace: cluster.namespace,
		servername: servername(cluster, component, pod.name, service),
		ports: components[component].ports,
	}));
});

/** Looks into the containers of these components' pods; with `leaf` also at the mounted leaf. */
export const looksInside = async ({env}: Access, cluster: Cluster, observation: Observation, {asked, leaf = false}: {asked: ComponentName[]; leaf?: boolean}): Promise<Inside[]> =>
	sideBySide(podsOf(observation, asked), atOnce, async pod => {
		const {container, mount} = components[pod.component as ComponentName];
		return inside({
			namespace: cluster.namespace, pod: pod.name, container, mount, leaf, env,
		});
	});
