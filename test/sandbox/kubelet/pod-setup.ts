import {mkdir} from 'node:fs/promises';
import {type Kube, resources} from '../kube.ts';
import {bindClaims} from './claims.ts';
import {applyKwokObjects} from './kwok-objects.ts';
import {portsOf} from './launch.ts';
import {mountVolumes} from './mounts.ts';
import {type Node, ownerOf, type Place} from './node.ts';
import {volumesFolder} from './record.ts';
import {makeRefresher} from './refresh.ts';
import type {ConfigMap, Pod} from './types.ts';

/** A pod whose volumes are mounted. */
export type Mounted = {uid: string} & ReturnType<typeof makeRefresher>;

const bind = async (kube: Kube, pod: Pod, node: string): Promise<void> => {
	const {namespace, name, uid} = pod.metadata;
	await kube.call({
		method: 'POST',
		path: `/api/v1/namespaces/${namespace!}/pods/${name}/binding`,
		body: {
			apiVersion: 'v1', kind: 'Binding', metadata: {name, uid}, target: {apiVersion: 'v1', kind: 'Node', name: node},
		},
	});
};

/**
Do what comes before a pod's process: bind the pod (there is no scheduler), bind its claims, mount its volumes.

@returns the mounted pod, or what it still waits for. To be called again until it is mounted.
*/
export const setUp = async (node: Node, place: Place, pod: Pod): Promise<Mounted | {waits: string}> => {
	const {kube, state, sandbox} = node;
	const {namespace, name} = place;
	if (pod.spec.nodeName === undefined) {
		await bind(kube, pod, sandbox.node);
		return {waits: 'the pod has no node yet'};
	}

	if (!ownerOf(node, place)) {
		return {waits: `statefulset "${place.owner}" not found`};
	}

	await mkdir(place.folder, {recursive: true, mode: 0o700});
	const claims = await bindClaims(kube, place.folder, sandbox.node, pod);
	if (!claims) {
		return {waits: 'pod has unbound immediate PersistentVolumeClaims'};
	}

	const uid = pod.metadata.uid!;
	const volumes = volumesFolder(state, namespace, name, uid);
	const missing = await mountVolumes(volumes, pod, {
		secret: which => node.secret(namespace, which),
		configMap: async which => kube.get<ConfigMap>(resources.configMaps, {namespace, name: which}),
		claims,
	});
	if (missing !== undefined) {
		return {waits: missing};
	}

	await applyKwokObjects(kube, place, portsOf(pod));
	const {min, max} = sandbox.kubeletDelay;
	return {uid, ...makeRefresher(volumes, pod, () => min + (Math.random() * (max - min)))};
};
