import {markedBy} from '../cluster/cert-manager.ts';
import {secretName} from '../cluster/components.ts';
import {besideSecrets} from '../cluster/issuance.ts';
import {kindOf, objectWords} from '../cluster/kinds.ts';
import {discoveryName} from '../cluster/names.ts';
import type {Cluster, Issuance, Kind} from '../cluster/types.ts';
import {runProgram} from '../run/program.ts';
import {observeFolder} from './folder.ts';
import {observeIssuance} from './issuance.ts';
import type {IssuanceFacts} from './issuance-types.ts';
import type {KubernetesObject, TidbClusterObject} from './objects.ts';
import {missingSecret, secretFacts} from './secrets.ts';
import type {DeploymentFacts, Observation, SecretFacts} from './types.ts';
import {type Named, withinBurst} from './within-burst.ts';
import {
	clusterFacts,
	deploymentFacts,
	podFacts,
	setFacts,
} from './workloads.ts';

/** How kubectl reaches the API server: the environment that chooses kubeconfig and context. */
export type Access = {env: Record<string, string>};

const list = async (access: Access, what: string, arguments_: string[]): Promise<KubernetesObject[]> => {
	const {stdout} = await runProgram('kubectl', ['get', ...arguments_, '--show-managed-fields', '-o', 'json'], {what, env: access.env});
	if (stdout.trim() === '') {
		return [];
	}

	const object = JSON.parse(stdout) as KubernetesObject | {items: KubernetesObject[]};
	return 'items' in object ? object.items : [object];
};

const isCluster = (object: KubernetesObject): object is TidbClusterObject => object.kind === 'TidbCluster' || object.kind === 'DMCluster';

const clustersNamed = (objects: KubernetesObject[], name: string): TidbClusterObject[] =>
	objects.filter(object => isCluster(object)).filter(object => object.metadata.name === name);

/** Every cluster of that name and kind that the kubeconfig may read, in the namespace or in all. */
export const findClusters = async (access: Access, meant: {name: string; kind?: Kind | undefined}, namespace?: string): Promise<TidbClusterObject[]> => {
	const all = await list(access, `looking for ${objectWords(meant)}`, [`${kindOf(meant).plural}.pingcap.com`, ...(namespace === undefined ? ['-A'] : ['-n', namespace])]);
	return clustersNamed(all, meant.name);
};

/** Whether the cluster has the Deployment of discovery. */
export const hasDiscovery = async (access: Access, {name, namespace}: Pick<Cluster, 'name' | 'namespace'>): Promise<boolean> => {
	const found = await list(access, 'looking for discovery', ['deployments.apps', discoveryName(name), '-n', namespace, '--ignore-not-found']);
	return found.length > 0;
};

/** The Deployment of discovery, where the cluster is known to have one. */
const discoveryIn = (objects: KubernetesObject[], cluster: Cluster): DeploymentFacts | undefined => {
	const found = objects.find(object => object.kind === 'Deployment' && object.metadata.name === discoveryName(cluster.name));
	return found?.kind === 'Deployment' ? deploymentFacts(found) : undefined;
};

/**
Secrets of the cluster's namespace, by name; one that does not exist is there as such. By as many calls side by side as it takes for none to
be held up by kubectl's own limit.
*/
const observeNamed = async (access: Access, cluster: Cluster, names: Named[]): Promise<Record<string, SecretFacts>> => {
	const lists = await Promise.all(withinBurst(names).map(async few =>
		list(access, 'reading the Secrets', ['secrets', ...few.map(({name}) => name), '-n', cluster.namespace, '--ignore-not-found'])));
	const found = lists.flat().filter(object => object.kind === 'Secret').map(object => secretFacts(object));
	return Object.fromEntries(names.map(({name}) => [name, found.find(secret => secret.name === name) ?? missingSecret(name)]));
};

/** A rotation makes most of them, and takes them away again. */
const besideNames = (cluster: Cluster, issuance: Issuance): Named[] => besideSecrets(cluster, issuance).map(name => ({name, requests: 2}));

/** The Secrets beside the components' that a rotation by cert-manager is about; nothing where another issues the certificates. */
export const observeBeside = async (access: Access, cluster: Cluster): Promise<Record<string, SecretFacts> | undefined> =>
	cluster.issuance && observeNamed(access, cluster, besideNames(cluster, cluster.issuance));

/** The components' Secrets, and those beside them. */
const observeSecrets = async (access: Access, cluster: Cluster): Promise<Pick<Observation, 'secrets' | 'beside'>> => {
	const own = cluster.components.map(component => ({name: secretName(cluster.name, component), requests: 1}));
	const others = cluster.issuance && besideNames(cluster, cluster.issuance);
	const found = await observeNamed(access, cluster, [...own, ...(others ?? [])]);
	const those = (names: Named[]): Record<string, SecretFacts> => Object.fromEntries(names.map(({name}) => [name, found[name]!]));
	return {secrets: those(own), ...(others && {beside: those(others)})};
};

const ofCluster = (object: KubernetesObject, cluster: Cluster): boolean =>
	object.metadata.labels?.['app.kubernetes.io/instance'] === cluster.name && object.metadata.labels['app.kubernetes.io/name'] === kindOf(cluster).app;

/** A cluster that is made only after its first certificates. */
const notYet = (cluster: Cluster): TidbClusterObject => ({
	kind: kindOf(cluster).object, apiVersion: '', metadata: {
		name: cluster.name, namespace: cluster.namespace, uid: '', resourceVersion: '', creationTimestamp: '',
	},
});

/** Cert-manager's objects, where somebody wants to know of them: that is one more call. */
const issuanceWhere = async (access: Access, {namespace}: Cluster, isWanted: () => Promise<boolean>): Promise<IssuanceFacts | undefined> =>
	await isWanted() ? observeIssuance(access, namespace) : undefined;

/**
Everything that can be seen without asking a pod: folder, Secrets, StatefulSets, pods, the cluster's object, and where a Secret says that
cert-manager has issued it, or with `issuance`, cert-manager's objects. One that is not there is an error unless `mustExist`
is false: then its facts are empty.
@throws ProgramError when kubectl fails; Error when the TidbCluster is not there.
*/
export const observe = async (access: Access, cluster: Cluster, folder: string, {mustExist = true, issuance: always = false} = {}): Promise<Observation> => {
	const lookingAtSecrets = observeSecrets(access, cluster);
	const isByCertManager = async (): Promise<boolean> => {
		if (cluster.issuance !== undefined) {
			return true;
		}

		const {secrets} = await lookingAtSecrets;
		return Object.values(secrets).some(secret => markedBy(secret) !== undefined);
	};

	const [files, {secrets, beside}, issuance, objects] = await Promise.all([
		observeFolder(folder),
		lookingAtSecrets,
		issuanceWhere(access, cluster, async () => always || await isByCertManager()),
		list(access, 'reading the cluster', [`${kindOf(cluster).plural}.pingcap.com,statefulsets.apps,pods${cluster.discovery ? ',deployments.apps' : ''}`, '-n', cluster.namespace]),
	]);
	const [own] = clustersNamed(objects, cluster.name);
	if (!own && mustExist) {
		throw new Error(`${objectWords(cluster)} does not exist in namespace ${cluster.namespace}`);
	}

	const discovery = discoveryIn(objects, cluster);
	const mine = objects.filter(object => ofCluster(object, cluster));
	return {
		now: Date.now(),
		folder: files,
		secrets,
		cluster: clusterFacts(own ?? notYet(cluster)),
		sets: mine.filter(object => object.kind === 'StatefulSet').map(object => setFacts(object, cluster)),
		pods: mine.filter(object => object.kind === 'Pod').map(object => podFacts(object, cluster)),
		...(discovery && {discovery}),
		handshakes: [],
		inside: [],
		...(issuance && {issuance}),
		...(beside && {beside}),
	};
};
