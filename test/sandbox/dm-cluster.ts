import type {KubeObject} from './kube.ts';
import type {Sandbox} from './state.ts';

const storage = {storageSize: '1Gi', storageClassName: 'local'};

/** The DMCluster that a person would write; the operator adds its defaults. */
export const dmCluster = (sandbox: Sandbox): KubeObject & {spec: unknown} => ({
	apiVersion: 'pingcap.com/v1alpha1',
	kind: 'DMCluster',
	metadata: {name: sandbox.cluster, namespace: sandbox.namespace},
	spec: {
		version: 'v8.5.0',
		timezone: 'UTC',
		configUpdateStrategy: 'RollingUpdate',
		pvReclaimPolicy: 'Retain',
		discovery: {},
		tlsCluster: {enabled: true},
		master: {
			baseImage: 'pingcap/dm', replicas: sandbox['dm-master'], maxFailoverCount: 0, ...storage,
		},
		worker: {
			baseImage: 'pingcap/dm', replicas: sandbox['dm-worker'], maxFailoverCount: 0, ...storage,
		},
	},
});
