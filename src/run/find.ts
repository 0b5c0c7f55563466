import {
	componentsOf,
	guestsOf,
	inDocumentOrder,
	mysqlComponents,
} from '../cluster/components.ts';
import {kindOf, objectWords} from '../cluster/kinds.ts';
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
type Meant = {cluster: string; with?: string[]; contexts?: string[]; namespace?: string; dir?: string; mysql?: boolean; kind?: Kind};

/**
The clusters that are meant, each by its own access and with the names of all of them where there are several. Two that are called alike would
have the same folder.
@throws Stopped as findCluster, or when one is given twice, or all a folder that is one cluster's.
*/
export const findAll = async (accesses: Access[], options: Meant): Promise<Cluster[]> => {
	if (options.with && options.dir !== undefined) {
		throw usage('--dir is the folder of one cluster, and there are several --cluster', 'TIDB_CLUSTERS names the folder that holds the folders of all');
	}

	const words = [options.cluster, ...(options.with ?? [])];
	const found = await Promise.all(words.map(async (word, index) => {
		const access = accesses[index]!;
		const {cluster, uid} = await lookUp(access, word, options);
		return {cluster: await withDiscovery(access, cluster), uid};
	}));
	const names = found.map(({cluster: {name}}) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) {
		throw usage(`--cluster ${twice} is given twice, and clusters that are called alike would share a cluster folder`);
	}

	const together = found.map(({cluster: {name, namespace}, uid}, index) => ({
		name, namespace, uid, word: words[index]!, ...(options.contexts && {context: options.contexts[index]!}),
	}));
	return found.map(({cluster}) => found.length > 1 ? {...cluster, together} : cluster);
};
