import {
	componentsOf,
	guestsOf,
	inDocumentOrder,
	mysqlComponents,
} from '../cluster/components.ts';
import {kindOf, objectWords} from '../cluster/kinds.ts';
import {placeWords} from '../cluster/names.ts';
import {clusterFolder} from '../cluster/place.ts';
import type {Cluster, Kind} from '../cluster/types.ts';
import {type Access, findClusters, hasDiscovery} from '../observe/cluster.ts';
import {refused, usage} from './errors.ts';
import {checkKind, placeOf} from './names.ts';
import {unlessForbidden} from './unless-forbidden.ts';

/** A cluster as it was found, and the uid of its object. */
type Found = {cluster: Cluster; uid: string};

type How = {namespace?: string; mysql?: boolean; kind?: Kind};

const lookUp = async (access: Access, word: string, {namespace: usual, mysql = false, kind}: How): Promise<Found> => {
	checkKind({mysql, ...(kind !== undefined && {kind})});
	const {name, namespace} = placeOf(word, usual);
	const meant = {name, ...(kind !== undefined && {kind})};
	const found = await findClusters(access, meant, namespace);
	const where = namespace === undefined ? 'in any namespace that this kubeconfig may read' : `in namespace ${namespace}`;
	if (found.length === 0) {
		throw usage(`there is no ${objectWords(meant)} ${where}`, `kubectl get ${kindOf(meant).plural} -A lists them`);
	}

	if (found.length > 1) {
		throw usage(`${objectWords(meant)} exists in ${found.length} namespaces: ${found.map(object => object.metadata.namespace).toSorted().join(', ')}`, 'choose one with --namespace');
	}

	const [object] = found;
	if (object!.apiVersion !== 'pingcap.com/v1alpha1') {
		throw refused(`${objectWords(meant)} is ${object!.apiVersion}: only Operator v1 (pingcap.com/v1alpha1) is known to this tool`);
	}

	const {metadata, spec = {}} = object!;
	const {clusterDomain: domain} = spec;
	const guests = guestsOf(spec, mysql ? 'mysql' : undefined);
	const cluster: Cluster = {
		...meant,
		namespace: metadata.namespace,
		...(domain !== undefined && domain !== '' && {domain}),
		...(mysql ? {components: [...mysqlComponents], side: 'mysql'} : {components: inDocumentOrder(componentsOf(spec, kind))}),
		...(guests.length > 0 && {guests}),
	};
	return {cluster, uid: metadata.uid};
};

/**
The cluster that is meant, a TidbCluster where `kind` does not say otherwise: by its name, in the namespace or in all of them, or by
`namespace/name`; with `mysql`, that side of it.
@throws Stopped when there is none, or when two namespaces have one.
*/
export const findCluster = async (access: Access, word: string, how: How = {}): Promise<Cluster> => {
	const {cluster} = await lookUp(access, word, how);
	return cluster;
};

/** The same cluster, and whether it has a discovery to restart; that of a DM cluster mounts no Secret, and the MySQL side has nothing that it would read. */
const withDiscovery = async (access: Access, cluster: Cluster): Promise<Cluster> =>
	cluster.side === undefined && cluster.kind === undefined && await unlessForbidden(async () => hasDiscovery(access, cluster), false) ? {...cluster, discovery: true} : cluster;

/** Which clusters are meant, and how. */
type Meant = {cluster: string; with?: string[]; contexts?: string[]; namespace?: string; dir?: string; dirs?: string[]; mysql?: boolean; kind?: Kind};

/** A cluster, and where its folder is. */
type Placed = {cluster: Cluster; folder: string};

/**
Two clusters cannot have one folder: each has leaves of its own under the documents' file names.
@throws Stopped (usage) for one that is given twice, and for two that are called alike and were given no folders.
*/
const checkApart = (found: Found[], folders: string[]): void => {
	for (const [index, {cluster, uid}] of found.entries()) {
		const before = found.slice(0, index);
		if (before.some(other => other.uid === uid)) {
			throw usage(`${placeWords(cluster)} is given twice`);
		}

		const shared = before.find((_, at) => folders[at] === folders[index]);
		if (shared) {
			throw usage(
				`${placeWords(shared.cluster)} and ${placeWords(cluster)} would share the cluster folder ${folders[index]!}`,
				'give each --cluster a --dir of its own, in the same order',
			);
		}
	}
};

/**
The clusters that are meant, each by its own access, with its folder, and with the names of all of them where there are several.
@throws Stopped as findCluster, or when one is given twice, or two have one folder.
*/
export const findAll = async (accesses: Access[], options: Meant): Promise<Placed[]> => {
	const {contexts, dirs, dir, mysql = false} = options;
	const words = [options.cluster, ...(options.with ?? [])];
	const found = await Promise.all(words.map(async (word, index) => {
		const access = accesses[index]!;
		const {cluster, uid} = await lookUp(access, word, options);
		return {cluster: {...await withDiscovery(access, cluster), ...(contexts && {context: contexts[index]!})}, uid};
	}));
	const folders = found.map(({cluster: {name}}, index) => {
		const own = dirs?.[index] ?? dir;
		return clusterFolder(name, {mysql, ...(own !== undefined && {dir: own})});
	});
	checkApart(found, folders);
	const together = found.map(({cluster: {name, namespace}, uid}, index) => ({
		name, namespace, uid, word: words[index]!, ...(contexts && {context: contexts[index]!}), ...(dirs && {dir: dirs[index]!}),
	}));
	return found.map(({cluster}, index) => ({cluster: found.length > 1 ? {...cluster, together} : cluster, folder: folders[index]!}));
};
