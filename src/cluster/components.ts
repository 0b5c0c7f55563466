import type {
	Cluster,
	Component,
	ComponentName,
	Port,
} from './types.ts';

const http = (port: number, use: string): Port => ({port, protocol: 'http', use});
const h2 = (port: number, use: string): Port => ({port, protocol: 'h2', use});
const mysql = (port: number): Port => ({port, protocol: 'mysql', use: 'client'});

const server = (name: Exclude<ComponentName, 'client'>, row: Pick<Component, 'ports' | 'reloadsCa' | 'hasSynced'>): Component => ({
	name, file: `${name}-server`, profile: 'internal', mount: `/var/lib/${name}-tls`, container: name, ...row,
});

/**
The components that have a Secret of their own in Operator v1: file names, mounts and profiles as the documents have them,
ports as design.md 5 has them. A MySQL port serves `<cluster>-tidb-server-secret`, which is not a component of this table, and
only where `spec.tidb.tlsClient.enabled` is set.
*/
export const components: Record<ComponentName, Component> = {
	pd: server('pd', {
		ports: [http(2379, 'client'), http(2380, 'peer')],
		reloadsCa: false,
		hasSynced: true,
	}),
	// The gRPC server reads CA and leaf anew when the leaf's file changes; channels that are open keep the old CA.
	tikv: server('tikv', {
		ports: [h2(20_160, 'server'), http(20_180, 'status')],
		reloadsCa: true,
		hasSynced: true,
	}),
	tidb: server('tidb', {
		ports: [http(10_080, 'status'), mysql(4000)],
		reloadsCa: false,
		hasSynced: false,
	}),
	// 20170 and 20292 are the TiKV code inside TiFlash and reload as TiKV does.
	tiflash: server('tiflash', {
		ports: [h2(3930, 'server'), h2(20_170, 'proxy'), http(20_292, 'proxy status')],
		reloadsCa: true,
		hasSynced: true,
	}),
	ticdc: server('ticdc', {
		ports: [http(8301, 'server')],
		reloadsCa: false,
		hasSynced: false,
	}),
	// With the legacy layout (no `spec.tiproxy.certLayout: v1`) its connections to PD and TiDB use the cluster client Secret.
	tiproxy: server('tiproxy', {
		ports: [http(3080, 'status'), mysql(6000)],
		reloadsCa: true,
		hasSynced: false,
	}),
	pump: server('pump', {
		ports: [http(8250, 'server')],
		reloadsCa: false,
		hasSynced: false,
	}),
	client: {
		name: 'client', file: 'client', profile: 'client', mount: '', container: '', ports: [], reloadsCa: false, hasSynced: false,
	},
};

/** Every component, in the order of the documents' enable page; it is the order in which things are printed. */
export const documentOrder: readonly ComponentName[] = ['pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash', 'client'];

/** The order in which the operator restarts them in one sync; the client has no pods and comes last. */
const restartOrder: readonly ComponentName[] = ['pd', 'tiproxy', 'tiflash', 'tikv', 'pump', 'tidb', 'ticdc', 'client'];

/** The components of a cluster that run in pods: all but the client. */
export const runningComponents = (cluster: Cluster): Array<Exclude<ComponentName, 'client'>> => cluster.components.filter(component => component !== 'client');

/** Whether a word names a component of the table. */
export const isComponent = (name: string): name is ComponentName => Object.hasOwn(components, name);

/** The same components in the operator's restart order. */
export const inOrder = (names: readonly ComponentName[]): ComponentName[] => restartOrder.filter(name => names.includes(name));

/** The same components in the documents' order, `client` last. */
export const inDocumentOrder = (names: readonly ComponentName[]): ComponentName[] => documentOrder.filter(name => names.includes(name));

/**
The components that a TidbCluster's spec asks for, with `client`, in the documents' order.
@param spec - That of the TidbCluster, as the API server has it.
*/
export const componentsOf = (spec: Record<string, unknown>): ComponentName[] =>
	documentOrder.filter(name => name === 'client' || (spec[name] ?? undefined) !== undefined);

export {secretName, servername} from './names.ts';
