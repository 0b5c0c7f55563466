import {existsSync} from 'node:fs';
import {clusterFileProblems, readClusterFile} from '../cluster/cluster-file.ts';
import {markedBy} from '../cluster/cert-manager.ts';
import {componentAt, runningComponents} from '../cluster/components.ts';
import {kindOf} from '../cluster/kinds.ts';
import {clusterFolder} from '../cluster/place.ts';
import type {Cluster} from '../cluster/types.ts';
import {
	listClusters,
	type ListedCluster,
	type ListedPod,
	listPods,
	type Which,
} from '../observe/all-clusters.ts';
import {eachNamespaceSecrets} from '../observe/all-secrets.ts';
import type {Access} from '../observe/cluster.ts';
import {readVersion} from '../observe/cert-manager-version.ts';
import {noFolder, observeFolder} from '../observe/folder.ts';
import {listIssuance} from '../observe/issuance.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import type {FolderFacts, SecretFacts} from '../observe/types.ts';
import {componentSecrets} from '../judge/held.ts';
import {clusterStatus, type Limits} from '../status/cluster-status.ts';
import {standingOfMany} from '../status/position.ts';
import type {ClusterStatus} from '../status/schema.ts';
import {tellUnread} from './cert-manager.ts';
import {usage} from './errors.ts';
import {firstLook} from './first-look.ts';
import {say} from './say.ts';
import {unlessForbidden} from './unless-forbidden.ts';

/** The cluster's folder where it is on this machine, and by its cluster.yaml not another cluster's of that name. */
const folderOf = async (cluster: ListedCluster): Promise<FolderFacts> => {
	const folder = clusterFolder(cluster.name, {mysql: cluster.side === 'mysql'});
	if (!existsSync(folder)) {
		return noFolder(folder);
	}

	const remembered = await readClusterFile(folder);
	return remembered && clusterFileProblems(remembered, cluster).length > 0 ? noFolder(folder) : observeFolder(folder);
};

const isKnown = ({apiVersion, hasTls}: ListedCluster): boolean => apiVersion === 'pingcap.com/v1alpha1' && hasTls;

const tellOthers = (clusters: ListedCluster[], {mysql = false}: Which): void => {
	const others = clusters.filter(cluster => !isKnown(cluster));
	if (others.length === 0) {
		return;
	}

	const names = others.map(({namespace, name}) => `${namespace}/${name}`).join(', ');
	say(`left out, as they have no TLS ${mysql ? 'for MySQL clients' : 'between their components'} or are not of Operator v1: ${names}`);
};

const byName = (one: ClusterStatus, other: ClusterStatus): number => `${one.namespace}/${one.cluster}`.localeCompare(`${other.namespace}/${other.cluster}`);

/** Whether cert-manager may have to do with a cluster: it has marked a Secret, or one is missing that it may be about to make. */
const mayBeIssued = (cluster: Cluster, secrets: Record<string, SecretFacts>): boolean =>
	componentSecrets(cluster, secrets).some(secret => !secret.exists || markedBy(secret) !== undefined);

/** Cert-manager's objects of the namespaces of these clusters, with its version; what may not be read is said once. */
const issuancesOf = async (access: Access, namespace: string | undefined, clusters: ListedCluster[]): Promise<(namespace: string) => IssuanceFacts> => {
	const wanted = new Set(clusters.map(cluster => cluster.namespace));
	const [of, version] = await Promise.all([listIssuance(access, namespace, wanted), readVersion(access)]);
	tellUnread(of(''));
	return place => ({...of(place), ...(version !== undefined && {version})});
};

/** Of the pods of a cluster those that use the certificates of its side, each with its component there. */
const podsOf = (cluster: ListedCluster, pods: ListedPod[] = []): ListedPod[] => {
	const running = new Set<string>(runningComponents(cluster));
	return pods.map(pod => ({...pod, component: componentAt(cluster, pod.component)})).filter(({component}) => running.has(component));
};

/**
The status of every cluster that is meant, of a namespace, or of all that may be read: by one list call each for clusters, Secrets, pods and,
where cert-manager may have to do with one of them, its objects. No private key comes into this process, and of Secrets it holds one
namespace's at a time.
@throws Stopped when there is none, or nothing may be read.
*/
export const statusOfAll = async (access: Access, {limits, ...which}: Which & {limits: Limits}): Promise<ClusterStatus[]> => {
	const now = Date.now();
	const {namespace} = which;
	const lists = Promise.all([
		firstLook(async () => listClusters(access, which)),
		unlessForbidden(async () => listPods(access, which), new Map<string, ListedPod[]>()),
	]);
	const found = new Map<string, ClusterStatus>();
	let listing: ReturnType<typeof issuancesOf> | undefined;
	const issuances = async (clusters: ListedCluster[]): ReturnType<typeof issuancesOf> => {
		listing ??= issuancesOf(access, namespace, clusters.filter(cluster => isKnown(cluster)));
		return listing;
	};

	const judge = async (cluster: ListedCluster, secrets: Record<string, SecretFacts>): Promise<void> => {
		const [clusters, pods] = await lists;
		const issuance = mayBeIssued(cluster, secrets) ? await issuances(clusters) : undefined;
		const folder = await folderOf(cluster);
		const key = `${cluster.namespace}/${cluster.name}`;
		const own = podsOf(cluster, pods.get(key));
		found.set(key, clusterStatus({
			cluster,
			limits,
			now,
			folder,
			secrets,
			position: standingOfMany(cluster, {now, folder, secrets}),
			replicas: cluster.replicas,
			pods: own,
			issuance: issuance?.(cluster.namespace),
			more: [],
		}));
	};

	const [[all]] = await Promise.all([lists, firstLook(async () => eachNamespaceSecrets(access, namespace, async (place, secrets) => {
		const [clusters] = await lists;
		const own = clusters.filter(cluster => cluster.namespace === place && isKnown(cluster));
		for (const cluster of own) {
			await judge(cluster, secrets);
		}
	}))]);
	if (all.length === 0) {
		const {object, plural} = kindOf(which);
		throw usage(`there is no ${object} ${namespace === undefined ? 'that this kubeconfig may read' : `in namespace ${namespace}`}`, `kubectl get ${plural} -A lists them`);
	}

	tellOthers(all, which);
	const bare = all.filter(cluster => isKnown(cluster) && !found.has(`${cluster.namespace}/${cluster.name}`));
	for (const cluster of bare) {
		await judge(cluster, {});
	}

	return found.values().toArray().toSorted(byName);
};
