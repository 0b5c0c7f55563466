import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {controlPlaneAddress} from './address.ts';
import {ports} from './network.ts';
import {type Kube, type KubeObject, resources} from './kube.ts';
import {eachCluster, type Sandbox} from './state.ts';

const definitions = {base: '/apis/apiextensions.k8s.io/v1', plural: 'customresourcedefinitions'};

type Definition = KubeObject & {
	spec?: {group: string; names: {plural: string}; versions: Array<{name: string}>};
	status?: {conditions?: Array<{type: string; status: string}>};
};

/** What the API server tells kubectl about its resources is behind a little: kubectl would not know the kind yet. */
const isDiscovered = async (kube: Kube, {spec}: Definition): Promise<boolean> => {
	const {group, names, versions} = spec!;
	const {items} = await kube.call<{items: Array<{metadata: {name: string}; versions: Array<{version: string; resources: Array<{resource: string}>}>}>}>({
		method: 'GET', path: '/apis', accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
	});
	const served = items.find(({metadata}) => metadata.name === group)?.versions ?? [];
	return versions.every(({name}) => served.some(({version, resources: found}) => version === name && found.some(({resource}) => resource === names.plural)));
};

/** Creates a definition from its YAML, and waits until its objects can be written, by kubectl too. */
export const define = async (kube: Kube, file: string): Promise<void> => {
	const created = await kube.call<Definition>({
		method: 'POST', path: `${definitions.base}/${definitions.plural}`, body: await readFile(file, 'utf8'), type: 'application/yaml',
	});
	const until = Date.now() + 120_000;
	while (Date.now() < until) {
		const definition = await kube.get<Definition>(definitions, {name: created.metadata.name});
		if (definition?.status?.conditions?.some(({type, status}) => type === 'Established' && status === 'True') && await isDiscovered(kube, definition)) {
			return;
		}

		await sleep(50);
	}

	throw new Error(`${created.metadata.name} is not in force after 120 s`);
};

/** The one node: Ready for ever, since nobody watches its heartbeats; kubectl's port-forward, logs and exec go to kwok's port. */
const addNode = async (kube: Kube, {node, network}: Sandbox): Promise<void> => {
	const address = controlPlaneAddress(network);
	const size = {cpu: '64', memory: '256Gi', pods: '1000'};
	const now = new Date().toISOString();
	await kube.create(resources.nodes, {apiVersion: 'v1', kind: 'Node', metadata: {name: node, labels: {'kubernetes.io/hostname': node, 'kubernetes.io/os': 'linux'}}});
	const status = {
		addresses: [{type: 'InternalIP', address}, {type: 'Hostname', address: node}],
		capacity: size,
		allocatable: size,
		conditions: [{
			type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'the sandbox\'s process kubelet', lastHeartbeatTime: now, lastTransitionTime: now,
		}],
		daemonEndpoints: {kubeletEndpoint: {Port: ports.kwok}},
	};
	await kube.patch(resources.nodes, {name: node}, {status}, 'status');
};

/**
Writes what every sandbox has before kwok starts: kwok's definitions, the node, the storage class `local` and the namespace.

`crds` are YAML files.
*/
export const addBaseObjects = async (kube: Kube, sandbox: Sandbox, crds: string[]): Promise<void> => {
	const storageClass = {
		apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: {name: 'local'}, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'Immediate',
	};
	await Promise.all([
		...crds.map(async file => define(kube, file)),
		addNode(kube, sandbox),
		kube.create(resources.storageClasses, storageClass),
		...eachCluster(sandbox).map(async ({namespace}) => kube.create(resources.namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}})),
	]);
};
