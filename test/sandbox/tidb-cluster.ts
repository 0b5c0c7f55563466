import {setTimeout as sleep} from 'node:timers/promises';
import {type Kube, type KubeObject, resources} from './kube.ts';
import {microservicesOf} from './pod-addresses.ts';
import type {Sandbox} from './state.ts';

type TidbCluster = KubeObject & {
	spec: unknown;
	status?: {conditions?: Array<{type: string; status: string; message?: string}>};
};

/** The components that a sandbox has only where it was asked for them, with what each is stored on. */
const stores = {
	tiflash: {storageClaims: [{resources: {requests: {storage: '1Gi'}}, storageClassName: 'local'}]},
	ticdc: {},
	tiproxy: {requests: {storage: '1Gi'}, storageClassName: 'local'},
	pump: {requests: {storage: '1Gi'}, storageClassName: 'local'},
};

const others = (sandbox: Sandbox): Record<string, unknown> => Object.fromEntries((Object.keys(stores) as Array<keyof typeof stores>)
	.filter(component => sandbox[component] > 0)
	.map(component => [component, {baseImage: `pingcap/${component}`, replicas: sandbox[component], ...stores[component]}]));

/** PD's microservices, and the mode in which PD leaves work to them. */
const microservices = (sandbox: Sandbox): Record<string, unknown> => {
	const names = microservicesOf(sandbox);
	return names.length === 0 ? {} : {pdms: names.map(name => ({name, baseImage: 'pingcap/pd', replicas: sandbox[name]}))};
};

/** What a person would write; the operator adds its defaults. */
export const tidbCluster = (sandbox: Sandbox): TidbCluster => ({
	apiVersion: 'pingcap.com/v1alpha1',
	kind: 'TidbCluster',
	metadata: {name: sandbox.cluster, namespace: sandbox.namespace},
	spec: {
		version: 'v8.5.0',
		timezone: 'UTC',
		configUpdateStrategy: 'RollingUpdate',
		pvReclaimPolicy: 'Retain',
		discovery: {},
		tlsCluster: {enabled: true},
		pd: {
			baseImage: 'pingcap/pd', replicas: sandbox.pd, maxFailoverCount: 0, requests: {storage: '1Gi'}, storageClassName: 'local', config: '',
			...(microservicesOf(sandbox).length > 0 && {mode: 'ms'}),
		},
		tikv: {
			baseImage: 'pingcap/tikv', replicas: sandbox.tikv, maxFailoverCount: 0, requests: {storage: '1Gi'}, storageClassName: 'local', config: '',
		},
		tidb: {
			baseImage: 'pingcap/tidb', replicas: sandbox.tidb, maxFailoverCount: 0, service: {type: 'ClusterIP'}, config: sandbox.verifyCn ? '[security]\ncluster-verify-cn = ["TiDB"]\n' : '',
			...(sandbox.mysql && {tlsClient: {enabled: true}}),
		},
		...others(sandbox),
		...microservices(sandbox),
	},
});

/**
Waits until the condition Ready of the TidbCluster or DMCluster is true.

`told` is called with the condition's message whenever it changes; `limit` is in milliseconds.

@throws Error with the last message when it takes longer.
*/
export const waitUntilReady = async (kube: Kube, {cluster, namespace, kind}: Sandbox, told: (message: string) => void, limit = 180_000): Promise<void> => {
	const until = Date.now() + limit;
	let last = '';
	const resource = kind === 'dm' ? resources.dmClusters : resources.tidbClusters;

	while (Date.now() < until) {
		const object = await kube.get<TidbCluster>(resource, {namespace, name: cluster});
		const ready = object?.status?.conditions?.find(({type}) => type === 'Ready');
		if (ready?.status === 'True') {
			return;
		}

		const message = ready?.message ?? 'no status yet';
		if (message !== last) {
			told(message);
			last = message;
		}

		await sleep(200);
	}

	throw new Error(`${kind === 'dm' ? 'DMCluster' : 'TidbCluster'} ${namespace}/${cluster} is not Ready after ${limit / 1000} s: ${last}`);
};
