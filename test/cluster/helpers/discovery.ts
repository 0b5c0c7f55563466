import {resources, type KubeObject} from '../../sandbox/kube.ts';
import {readState} from '../../sandbox/state.ts';
import type {Place} from './place.ts';

type Pod = KubeObject & {status?: {phase?: string}};

/** What stands in for the kubelet of discovery's pods. */
export type Discovery = {
	/** Ends it; the pods stay as they are. */
	stop: () => Promise<void>;
};

/**
Gives the cluster the Deployment of discovery as the operator names and labels it (tidb-facts 1.1), which the real controllers of Kubernetes
roll. Its program cannot be built here, so that its pods have no process: they are called Ready as soon as they are there.
*/
export const startDiscovery = async ({kube, state, cluster, namespace}: Place): Promise<Discovery> => {
	const {node} = await readState(state);
	const labels = {
		'app.kubernetes.io/name': 'tidb-cluster', 'app.kubernetes.io/instance': cluster, 'app.kubernetes.io/component': 'discovery', 'app.kubernetes.io/managed-by': 'tidb-operator',
	};
	const over = new AbortController();
	const call = async ({metadata, status}: Pod): Promise<void> => {
		if (metadata.labels?.['app.kubernetes.io/component'] !== 'discovery' || metadata.deletionTimestamp !== undefined || status?.phase === 'Running') {
			return;
		}

		await kube.call({
			method: 'PATCH',
			path: `/api/v1/namespaces/${namespace}/pods/${metadata.name}/status`,
			type: 'application/merge-patch+json',
			body: {status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}},
		}).catch(() => undefined);
	};

	const watching = kube.watch<Pod>(resources.pods, {
		listed(pods) {
			for (const pod of pods) {
				void call(pod);
			}
		},
		changed(_type, pod) {
			void call(pod);
		},
	}, {signal: over.signal});
	await kube.create(resources.deployments, {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: {namespace, name: `${cluster}-discovery`, labels},
		spec: {
			replicas: 1,
			selector: {matchLabels: labels},
			template: {
				metadata: {labels},
				spec: {
					nodeName: node, terminationGracePeriodSeconds: 0, containers: [{name: 'discovery', image: 'pingcap/tidb-operator'}],
				},
			},
		},
	} as KubeObject);
	return {
		async stop() {
			over.abort();
			await watching;
		},
	};
};
