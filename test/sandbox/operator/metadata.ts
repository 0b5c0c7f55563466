import type {Metadata, TidbCluster} from './types.ts';

/**
The labels of a component's objects and pods, as tidb-operator sets them.

@param cluster - The TidbCluster or DMCluster. Its own label app.kubernetes.io/instance, where it has one, is taken for the instance.
@param component - The component label's value, such as `pd`.
*/
export function labelsOf(cluster: TidbCluster, component: string): Record<string, string> {
	return {
		'app.kubernetes.io/component': component,
		'app.kubernetes.io/instance': instanceOf(cluster),
		'app.kubernetes.io/managed-by': 'tidb-operator',
		'app.kubernetes.io/name': cluster.kind === 'DMCluster' ? 'dm-cluster' : 'tidb-cluster',
	};
}

/** The value of the label app.kubernetes.io/instance on the cluster's objects. */
function instanceOf(cluster: TidbCluster): string {
	return cluster.metadata.labels?.['app.kubernetes.io/instance'] ?? cluster.metadata.name;
}

/** The metadata of an object that belongs to a TidbCluster: with the TidbCluster it goes, too. `labels` are further labels, such as app.kubernetes.io/used-by. */
export function ownedMetadata(cluster: TidbCluster, component: string, name: string, labels: Record<string, string> = {}): Metadata {
	const {metadata} = cluster;
	return {
		name,
		namespace: metadata.namespace,
		labels: {...labelsOf(cluster, component), ...labels},
		ownerReferences: [{
			apiVersion: 'pingcap.com/v1alpha1',
			blockOwnerDeletion: true,
			controller: true,
			kind: cluster.kind ?? 'TidbCluster',
			name: metadata.name,
			uid: metadata.uid ?? '',
		}],
	};
}
