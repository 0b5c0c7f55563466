import type {
	Cluster,
	Component,
	ComponentName,
	Port,
	Workload,
} from './types.ts';

const http = (port: number, use: string): Port => ({port, protocol: 'http', use});
const h2 = (port: number, use: string): Port => ({port, protocol: 'h2', use});

const server = (name: Workload, row: Pick<Component, 'ports' | 'reloadsCa' | 'hasSynced'>): Component => ({
	name, file: `${name}-server`, profile: 'internal', workload: name, mount: `/var/lib/${name}-tls`, container: name, ...row,
});

const clientOf = (name: ComponentName): Component => ({
	name, file: 'client', profile: 'client', workload: undefined, mount: '', container: '', ports: [], reloadsCa: false, hasSynced: false,
});

/**
The components that have a Secret of their own in Operator v1: file names, mounts and profiles as the documents have them,
ports as design.md 5 has them.
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
		ports: [http(10_080, 'status')],
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
	// With the legacy layout (no `spec.tiproxy.certLayout: v1`) its connections to PD and TiDB use the cluster client Secret. Its MySQL port
	// has a certificate of its own (tidb-facts 1.4).
	tiproxy: server('tiproxy', {
		ports: [http(3080, 'status')],
		reloadsCa: true,
		hasSynced: false,
	}),
	pump: server('pump', {
		ports: [http(8250, 'server')],
		reloadsCa: false,
		hasSynced: false,
	}),
	client: clientOf('client'),
	// Certificate, key and CA are read once, at the start (tidb-facts 1.3). The operator does not say of this Secret whether it has synced.
	'tidb-server': {
		name: 'tidb-server',
		file: 'server',
		profile: 'server',
		workload: 'tidb',
		mount: '/var/lib/tidb-server-tls',
		container: 'tidb',
		ports: [{port: 4000, protocol: 'mysql', use: 'client'}],
		reloadsCa: false,
		hasSynced: false,
	},
	'tidb-client': clientOf('tidb-client'),
};

/** The MySQL side, which the documents have on a page of its own. */
export const mysqlComponents: readonly ComponentName[] = ['tidb-server', 'tidb-client'];

/** Every component of the other side, in the order of the documents' enable page; it is the order in which things are printed. */
export const documentOrder: readonly ComponentName[] = ['pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash', 'client'];

/** The order in which the operator restarts them in one sync; a client has no pods and comes last. */
const restartOrder: readonly ComponentName[] = ['pd', 'tiproxy', 'tiflash', 'tikv', 'pump', 'tidb', 'ticdc', 'client', ...mysqlComponents];

/** What a TidbCluster's spec or status says of a component's pods. */
export const partOf = <Part>(parts: Partial<Record<Workload, Part>>, component: ComponentName): Part | undefined => {
	const {workload} = components[component];
	return workload === undefined ? undefined : parts[workload];
};

/** The components of a cluster that run in pods: all but the client. */
export const runningComponents = (cluster: Cluster): ComponentName[] => cluster.components.filter(component => components[component].workload !== undefined);

/** The one whose certificate clients present. */
export const clientComponent = ({side}: Cluster): 'client' | 'tidb-client' => side === 'mysql' ? 'tidb-client' : 'client';

/** The component whose certificates pods of a label use, seen from one of a cluster's sides. */
export const componentAt = ({side}: Cluster, label: string): string => side === 'mysql' && label === 'tidb' ? 'tidb-server' : label;

/** Whether a word names a component of the side that is not MySQL's. */
export const isComponent = (name: string): name is ComponentName => (documentOrder as readonly string[]).includes(name);

/** The same components in the operator's restart order. */
export const inOrder = (names: readonly ComponentName[]): ComponentName[] => restartOrder.filter(name => names.includes(name));

/** The same components in the documents' order, `client` last. */
export const inDocumentOrder = (names: readonly ComponentName[]): ComponentName[] => [...documentOrder, ...mysqlComponents].filter(name => names.includes(name));

/**
The components that a TidbCluster's spec asks for, with `client`, in the documents' order.
@param spec - That of the TidbCluster, as the API server has it.
*/
export const componentsOf = (spec: Record<string, unknown>): ComponentName[] =>
	documentOrder.filter(name => name === 'client' || (spec[name] ?? undefined) !== undefined);

export {secretName, servername} from './names.ts';
