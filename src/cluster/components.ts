import type {
	Cluster,
	Component,
	ComponentName,
	Guest,
	Kind,
	Microservice,
	Part,
	Port,
	Side,
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

const microservice = (name: Microservice): Component => ({
	...server(name, {ports: [http(2379, 'client')], reloadsCa: false, hasSynced: true}), host: 'pd', file: 'pd-server', mount: '/var/lib/pd-tls',
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
	tso: microservice('tso'),
	scheduling: microservice('scheduling'),
	// Both read certificate and CA once, as far as is known (tidb-facts 1.1, 1.6). Its peers' port is that of the etcd in it.
	'dm-master': server('dm-master', {
		ports: [http(8261, 'client'), http(8291, 'peer')],
		reloadsCa: false,
		hasSynced: true,
	}),
	'dm-worker': server('dm-worker', {
		ports: [http(8262, 'server')],
		reloadsCa: false,
		hasSynced: true,
	}),
	client: clientOf('client'),
	'dm-client': clientOf('dm-client'),
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
	// Its status port serves TiDB's certificate of the MySQL side then, and is asked there.
	'tiproxy-client': {
		name: 'tiproxy-client',
		host: 'client',
		file: 'client',
		profile: 'client',
		workload: 'tiproxy',
		mount: '/var/lib/cluster-client-tls',
		container: 'tiproxy',
		ports: [],
		reloadsCa: true,
		hasSynced: false,
	},
	'tiproxy-server': {
		name: 'tiproxy-server',
		host: 'tidb-server',
		file: 'server',
		profile: 'server',
		workload: 'tiproxy',
		mount: '/var/lib/tiproxy-server-tls',
		container: 'tiproxy',
		ports: [{port: 6000, protocol: 'mysql', use: 'client'}],
		reloadsCa: true,
		hasSynced: false,
	},
};

/** The MySQL side, which the documents have on a page of its own. */
export const mysqlComponents: readonly ComponentName[] = ['tidb-server', 'tidb-client'];

/** Every component of the other side, in the order of the documents' enable page; it is the order in which things are printed. */
export const documentOrder: readonly ComponentName[] = ['pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash', 'client'];

/** Every component of a DM cluster, in the order of the documents' page for it. */
const dmComponents: readonly ComponentName[] = ['dm-master', 'dm-worker', 'dm-client'];

/** Every component that a kind of cluster may have, in the documents' order. */
export const componentsOfKind = (kind?: Kind): readonly ComponentName[] => kind === 'dm' ? dmComponents : documentOrder;

/** The components that a cluster of a kind has as a rule; its client goes without saying. */
export const usualComponents = (kind?: Kind): ComponentName[] => kind === 'dm' ? ['dm-master', 'dm-worker'] : ['pd', 'tikv', 'tidb'];

/** PD's microservices (tidb-facts 1.1). */
export const microservices: readonly Microservice[] = ['tso', 'scheduling'];

/** Those that use the Secrets of others. */
export const guestNames: readonly Guest[] = [...microservices, 'tiproxy-client', 'tiproxy-server'];

/** Those of them that use Secrets of one side. */
export const guestsOfSide = (side?: Side): Guest[] => guestNames.filter(name => (name === 'tiproxy-server') === (side === 'mysql'));

/** The order in which the operator restarts them in one sync; a client has no pods and comes last. */
const restartOrder: readonly ComponentName[] = [
	...microservices, 'pd', 'tiproxy', 'tiproxy-client', 'tiflash', 'tikv', 'pump', 'tidb', 'ticdc', 'client', 'tiproxy-server', ...mysqlComponents, ...dmComponents,
];

/** Where the spec and the status of a cluster do not call a workload as its pods' label does. */
const otherParts: Partial<Record<Workload, Part>> = {'dm-master': 'master', 'dm-worker': 'worker'};

/** The part of a cluster's spec and status that is about a component's pods: `pd`, `master`; undefined for a client. */
export const partName = (component: ComponentName): Part | undefined => {
	const {workload} = components[component];
	return workload === undefined ? undefined : (otherParts[workload] ?? workload as Part);
};

/** Whether it is one of PD's microservices, which spec and status have apart from the components. */
export const isMicroservice = (component: ComponentName): component is Microservice => (microservices as readonly string[]).includes(component);

/** Where the spec of a cluster has a component's pods, in words: `spec.pd`, `spec.pdms[tso]`. */
export const specWords = (component: ComponentName): string => isMicroservice(component) ? `spec.pdms[${component}]` : `spec.${partName(component) ?? component}`;

/** What a cluster's spec or status says of a component's pods. */
export const partOf = <Content>(parts: Partial<Record<Part, Content>>, component: ComponentName): Content | undefined => {
	const name = partName(component);
	return name === undefined ? undefined : parts[name];
};

/** The components of a cluster that run in pods, guests among them: all but the client. */
export const runningComponents = ({components: own, guests = []}: Cluster): ComponentName[] => [...own.filter(component => components[component].workload !== undefined), ...guests];

const isGuest = (component: ComponentName): component is Guest => components[component].host !== undefined;

/** Whose Secret a component uses: its own, or its host's. */
export const hostOf = (component: ComponentName): ComponentName => components[component].host ?? component;

/** The same cluster, as if it had these of its components and guests alone. */
export const limitedTo = (cluster: Cluster, some: readonly ComponentName[]): Cluster => {
	const guests = some.filter(component => isGuest(component));
	const {guests: all, ...rest} = cluster;
	return {...rest, components: some.filter(component => !isGuest(component)), ...(guests.length > 0 && {guests})};
};

/** The same cluster without the guests of those whose Secrets are not among these. */
export const withHosts = (cluster: Cluster, hosts: readonly ComponentName[]): Cluster => limitedTo(cluster, [...hosts, ...(cluster.guests ?? []).filter(guest => hosts.includes(hostOf(guest)))]);

/** Components and guests. */
export const withGuests = ({components: own, guests = []}: Cluster): ComponentName[] => [...own, ...guests];

/** The one whose certificate clients present. */
export const clientComponent = ({side, kind}: {side?: Side | undefined; kind?: Kind | undefined}): 'client' | 'tidb-client' | 'dm-client' => {
	if (side === 'mysql') {
		return 'tidb-client';
	}

	return kind === 'dm' ? 'dm-client' : 'client';
};

/** The component whose certificates pods of a label use, seen from one of a cluster's sides. */
export const componentAt = ({side, guests = []}: Cluster, label: string): string => {
	const mysqls: Record<string, string> = {tidb: 'tidb-server', tiproxy: 'tiproxy-server'};
	return (side === 'mysql' ? mysqls[label] : guests.find(guest => components[guest].workload === label)) ?? label;
};

/** Whether a word names a component of a kind of cluster, of the side that is not MySQL's. */
export const isComponent = (name: string, kind?: Kind): name is ComponentName => (componentsOfKind(kind) as readonly string[]).includes(name);

/** The same components in the operator's restart order. */
export const inOrder = (names: readonly ComponentName[]): ComponentName[] => restartOrder.filter(name => names.includes(name));

/** The same components in the documents' order, `client` last. */
export const inDocumentOrder = (names: readonly ComponentName[]): ComponentName[] => [...documentOrder, ...mysqlComponents, ...dmComponents].filter(name => names.includes(name));

/** What of a TidbCluster's spec tells which certificates TiProxy uses, and which microservices PD has. */
type GuestSpec = {
	tiproxy?: {certLayout?: string};
	tidb?: {tlsClient?: {enabled?: boolean}};
	pd?: {mode?: unknown; [field: string]: unknown};
	pdms?: Array<{name?: string}>;
};

/** With the legacy layout, and TLS for MySQL clients, TiProxy has no Secret of its own (Operator's tiproxy_member_manager.go). */
const isTiproxyGuest = ({tiproxy, tidb}: GuestSpec): boolean => tiproxy !== undefined && tiproxy !== null && tiproxy.certLayout !== 'v1' && tidb?.tlsClient?.enabled === true;

/**
The components that a cluster's spec asks for, with its client, in the documents' order.
@param spec - That of the TidbCluster or DMCluster, as the API server has it.
*/
export const componentsOf = (spec: Record<string, unknown> & GuestSpec, kind?: Kind): ComponentName[] => componentsOfKind(kind).filter(name => {
	const part = partName(name);
	return part === undefined || ((spec[part] ?? undefined) !== undefined && !(name === 'tiproxy' && isTiproxyGuest(spec)));
});

/** PD's microservices that run: without PD's mode `ms` the operator runs none (its pd_ms_member_manager.go). */
const microservicesOf = ({pd, pdms = []}: GuestSpec): Microservice[] => pd?.mode === 'ms' ? microservices.filter(name => pdms.some(one => one.name === name)) : [];

/** Who of a TidbCluster uses the Secrets of a side without one of their own. */
export const guestsOf = (spec: GuestSpec, side: Side | undefined): Guest[] => {
	if (side === 'mysql') {
		return spec.tiproxy === undefined || spec.tiproxy === null ? [] : ['tiproxy-server'];
	}

	return [...microservicesOf(spec), ...(isTiproxyGuest(spec) ? ['tiproxy-client' as const] : [])];
};

export {secretName, servername} from './names.ts';
