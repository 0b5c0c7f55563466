import type {ComponentName} from './types.ts';

type Port = {name: string; containerPort: number};

export type Component = {
	name: ComponentName;

	/** In the pod's order. */
	ports: readonly Port[];

	/** The port that the Prometheus annotations name. */
	metricsPort: number;

	/** The ports of the headless peer service. */
	peerPorts: ReadonlyArray<{name: string; port: number}>;

	/** The ports of the service that clients use; none where there is no such service. */
	clientPorts: ReadonlyArray<{name: string; port: number}>;

	/** Whether its pods have a volume claim for data, named after it. */
	data: boolean;

	/** These finish their roll or scaling before this one begins its own. */
	waitsFor: readonly ComponentName[];
};

/** PD's microservices. */
const microservices = ['tso', 'scheduling'] as const;

/** The program that a component is, by the names of its image and its files. */
export const programOf = (component: ComponentName): string => component === 'tso' || component === 'scheduling' ? 'pd' : component;

/**
The components in the order in which one sync of tidb-operator v1.6.3 goes through them (tidb-facts 3.2).

PD, TiKV and TiDB are as recorded. The others were not recorded: their names, ports and Secrets are the documented ones, and they roll like TiDB, without TiCDC's draining,
and without a primary among PD's microservices that is moved away before its pod goes.
*/
export const components: readonly Component[] = [
	...microservices.map((name): Component => ({
		name,
		ports: [{name: 'server', containerPort: 2379}],
		metricsPort: 2379,
		peerPorts: [{name: 'tcp-peer-2380', port: 2380}, {name: 'tcp-peer-2379', port: 2379}],
		clientPorts: [{name: 'client', port: 2379}],
		data: false,
		waitsFor: [],
	})),
	{
		name: 'pd',
		ports: [{name: 'server', containerPort: 2380}, {name: 'client', containerPort: 2379}],
		metricsPort: 2379,
		peerPorts: [{name: 'tcp-peer-2380', port: 2380}, {name: 'tcp-peer-2379', port: 2379}],
		clientPorts: [{name: 'client', port: 2379}],
		data: true,
		waitsFor: [],
	},
	{
		name: 'tiproxy',
		ports: [{name: 'server', containerPort: 6000}, {name: 'status', containerPort: 3080}],
		metricsPort: 3080,
		peerPorts: [{name: 'status', port: 3080}],
		clientPorts: [{name: 'mysql-client', port: 6000}, {name: 'status', port: 3080}],
		data: true,
		waitsFor: [],
	},
	{
		name: 'tiflash',
		ports: [{name: 'server', containerPort: 3930}, {name: 'status', containerPort: 20_292}, {name: 'proxy', containerPort: 20_170}],
		metricsPort: 20_292,
		peerPorts: [{name: 'tiflash', port: 3930}, {name: 'proxy', port: 20_170}, {name: 'proxy-status', port: 20_292}],
		clientPorts: [],
		data: true,
		waitsFor: ['pd'],
	},
	{
		name: 'tikv',
		ports: [{name: 'server', containerPort: 20_160}],
		metricsPort: 20_180,
		peerPorts: [{name: 'peer', port: 20_160}],
		clientPorts: [],
		data: true,
		waitsFor: ['pd', 'tiflash'],
	},
	{
		name: 'pump',
		ports: [{name: 'pump', containerPort: 8250}],
		metricsPort: 8250,
		peerPorts: [{name: 'pump', port: 8250}],
		clientPorts: [],
		data: true,
		waitsFor: ['pd', 'tiflash', 'tikv'],
	},
	{
		name: 'tidb',
		ports: [{name: 'server', containerPort: 4000}, {name: 'status', containerPort: 10_080}],
		metricsPort: 10_080,
		peerPorts: [{name: 'status', port: 10_080}],
		clientPorts: [{name: 'mysql-client', port: 4000}, {name: 'status', port: 10_080}],
		data: false,
		waitsFor: ['pd', 'tiflash', 'tikv', 'pump'],
	},
	{
		name: 'ticdc',
		ports: [{name: 'ticdc', containerPort: 8301}],
		metricsPort: 8301,
		peerPorts: [{name: 'ticdc', port: 8301}],
		clientPorts: [],
		data: false,
		waitsFor: ['pd', 'tiflash', 'tikv', 'pump', 'tidb'],
	},
];

/** Those of a DMCluster, by dm_master_member_manager.go and dm_worker_member_manager.go. They were not recorded either; no leader is moved away from a master before its pod goes. */
export const dmComponents: readonly Component[] = [
	{
		name: 'dm-master',
		ports: [{name: 'peer', containerPort: 8291}, {name: 'client', containerPort: 8261}],
		metricsPort: 8261,
		peerPorts: [{name: 'dm-master-peer', port: 8291}],
		clientPorts: [{name: 'dm-master', port: 8261}],
		data: true,
		waitsFor: [],
	},
	{
		name: 'dm-worker',
		ports: [{name: 'client', containerPort: 8262}],
		metricsPort: 8262,
		peerPorts: [{name: 'dm-worker', port: 8262}],
		clientPorts: [],
		data: true,
		waitsFor: ['dm-master'],
	},
];
