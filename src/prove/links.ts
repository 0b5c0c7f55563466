import type {ComponentName} from '../cluster/types.ts';

/** One component calls another. */
export type Link = {client: ComponentName; server: ComponentName};

const calls = (client: ComponentName, ...servers: ComponentName[]): Link[] => servers.map(server => ({client, server}));

/**
Which component talks to which, through ports that serve the callee's own Secret. Who calls only sometimes is listed all the same,
and a port is taken to check its clients, whether it is set to or not: `cluster-verify-cn` may be switched on by the restart.
*/
export const links: Link[] = [
	// Peers (2380), and members that ask their leader (2379); PD asks stores for their state. tidb-facts 1.6, test/traffic.
	...calls('pd', 'pd', 'tikv', 'tiflash', 'tidb'),
	// Raft between stores, TiFlash being one; everything is asked of PD. tidb-facts 1.6.
	...calls('tikv', 'pd', 'tikv', 'tiflash'),
	// Tidb-facts 1.6; other TiDBs by their status port; binlogs go to Pump.
	...calls('tidb', 'pd', 'tikv', 'tiflash', 'tidb', 'pump'),
	// The schema comes from TiDB's status port, what is computed together from the other TiFlashes.
	...calls('tiflash', 'pd', 'tikv', 'tiflash', 'tidb'),
	// Tidb-facts 1.1 and 1.2; its captures talk to their owner.
	...calls('ticdc', 'pd', 'tikv', 'tidb', 'ticdc'),
	// Tidb-facts 1.4: PD for the list of TiDBs, their status ports for their health.
	...calls('tiproxy', 'pd', 'tidb', 'tiproxy'),
	...calls('tiproxy-client', 'pd', 'tidb'),
	...calls('pump', 'pd', 'tikv', 'tidb', 'pump'),
	// PD's microservices: PD hands what it is asked for on to them, they keep their state in PD, and elect a primary among themselves.
	...calls('pd', 'tso', 'scheduling'),
	...calls('tso', 'pd', 'tso', 'scheduling'),
	...calls('scheduling', 'pd', 'tso', 'scheduling', 'tikv', 'tiflash'),
	// Who wants timestamps finds out from PD where they are.
	...(['tikv', 'tidb', 'tiflash', 'ticdc', 'tiproxy', 'tiproxy-client', 'pump', 'client'] as const).flatMap(client => calls(client, 'tso', 'scheduling')),
	// The operator, and others that have the cluster client's certificate: backups, dashboards, monitors. Tidb-facts 1.2.
	...calls('client', 'pd', 'tikv', 'tidb', 'tiflash', 'ticdc', 'tiproxy', 'pump'),
	// Masters keep a quorum and forward to their leader; workers register with them, and are told their tasks by them. The operator asks masters.
	...calls('dm-master', 'dm-master', 'dm-worker'),
	...calls('dm-worker', 'dm-master'),
	...calls('dm-client', 'dm-master', 'dm-worker'),
	// MySQL clients: tidb-facts 1.3.
	...calls('tidb-client', 'tidb-server', 'tiproxy-server'),
	...calls('tiproxy-server', 'tidb-server'),
];
