import type {Kind} from './types.ts';

/** How a kind of cluster is called. */
type Names = {
	/** Of the object: `TidbCluster`. */
	object: 'TidbCluster' | 'DMCluster';
	/** As kubectl takes one: `tidbcluster`. */
	resource: string;
	/** As lists and roles name it: `tidbclusters`. */
	plural: string;
	/** What the label app.kubernetes.io/name of its pods says (tidb-facts 1). */
	app: string;
	/** What people call it. */
	words: string;
};

const kinds: Record<'tidb' | Kind, Names> = {
	tidb: {
		object: 'TidbCluster', resource: 'tidbcluster', plural: 'tidbclusters', app: 'tidb-cluster', words: 'TiDB cluster',
	},
	dm: {
		object: 'DMCluster', resource: 'dmcluster', plural: 'dmclusters', app: 'dm-cluster', words: 'DM cluster',
	},
};

/** How a cluster's kind is called, in the API and by people. */
export const kindOf = ({kind}: {kind?: Kind | undefined}): Names => kinds[kind ?? 'tidb'];

/** A cluster as its object: `TidbCluster basic`. */
export const objectWords = (cluster: {kind?: Kind | undefined; name: string}): string => `${kindOf(cluster).object} ${cluster.name}`;
