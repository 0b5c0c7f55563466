import type {PdFacts} from './facts.ts';
import {storeId} from './members.ts';
import type {Pod, TidbCluster} from './types.ts';
import {podView} from './views.ts';

/**
The labels that a pod gets once PD has told them: the cluster's id, and PD's member or TiKV's store.

@returns Only what the pod lacks; undefined for nothing.
*/
export function missingLabels(cluster: TidbCluster, component: string, pod: Pod, pd: PdFacts): Record<string, string> | undefined {
	const wanted: Record<string, string> = {'tidb.pingcap.com/cluster-id': cluster.status?.clusterID ?? pd.clusterId};
	if (component === 'pd') {
		const member = pd.members.find(({name}) => name === pod.metadata.name);
		if (member) {
			wanted['tidb.pingcap.com/member-id'] = member.id;
		}
	}

	if (component === 'tikv' && cluster.status?.tikv?.stores) {
		wanted['tidb.pingcap.com/store-id'] = storeId(podView(pod).ordinal);
	}

	const missing = Object.entries(wanted).filter(([key, value]) => pod.metadata.labels?.[key] !== value);
	return missing.length === 0 ? undefined : Object.fromEntries(missing);
}
