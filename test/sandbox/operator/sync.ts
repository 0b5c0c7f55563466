import type {ClientSecret} from './ask.ts';
import {readClientSecret} from './client-secret.ts';
import {mergePatch, withoutUndefined} from './compare.ts';
import {syncComponent, type Context} from './component-sync.ts';
import {conditions, dmConditions} from './conditions.ts';
import {defaultsPatch} from './defaults.ts';
import type {Facts} from './facts.ts';
import type {Log} from './log.ts';
import {labelsOf} from './metadata.ts';
import {componentsOf} from './phase.ts';
import {missingLabels} from './pod-labels.ts';
import {askAll} from './questions.ts';
import {discoveryService} from './services.ts';
import type {
	DmCluster,
	MicroserviceStatus,
	TidbCluster,
	TidbClusterStatus,
} from './types.ts';
import type {World} from './world.ts';

/**
One sync of one TidbCluster: ask, compare, write; the status last, and also after a failure.

@returns `isReady`: the next look may take its time.
*/
export async function syncCluster(world: World, found: TidbCluster, log: Log): Promise<{isReady: boolean}> {
	const defaults = defaultsPatch(found);
	const cluster = withMicroservices(defaults ? await world.patch('tidbClusters', found.metadata, defaults) : found);
	const seen = await observe(world, cluster, log);
	const clusterId = cluster.status?.clusterID ?? seen.facts.pd?.clusterId;
	const status: TidbClusterStatus = {
		pump: {}, ticdc: {}, tiflash: {}, tiproxy: {}, ...structuredClone(cluster.status), clusterID: clusterId,
	};

	try {
		await syncComponents({
			world, cluster, status, log, phases: {}, ...seen,
		});
		await labelPods(world, cluster, seen.facts);
	} finally {
		await writeStatus(world, cluster, status, seen.facts);
	}

	return {isReady: status.conditions?.[0]?.status === 'True'};
}

/** A TidbCluster as it would be if PD's microservices were components like the others. Without PD's mode `ms` there are none. */
const withMicroservices = (cluster: TidbCluster): TidbCluster => {
	const {spec, status} = cluster;
	const own = spec.pd?.mode === 'ms' ? spec.pdms ?? [] : [];
	const told = own.flatMap(({name}) => {
		const {members, ...rest} = status?.pdms?.[name] ?? {};
		return Object.keys(rest).length === 0 ? [] : [[name, rest] as const];
	});
	return {
		...cluster,
		spec: {...spec, ...Object.fromEntries(own.map(one => [one.name, one]))},
		...(status && {status: {...status, ...Object.fromEntries(told)}}),
	};
};

/** The other way round, for what is written. */
const asWritten = (status: TidbClusterStatus, {microservices: answered}: Facts): TidbClusterStatus => {
	const {tso, scheduling, ...rest} = status;
	const pdms: Record<string, MicroserviceStatus> = {...rest.pdms};
	for (const [name, one] of Object.entries({tso, scheduling})) {
		if (one) {
			pdms[name] = {...one, name, members: Object.keys(answered).filter(pod => answered[pod] && pod.replace(/-\d+$/v, '').endsWith(`-${name}`))};
		}
	}

	return Object.keys(pdms).length === 0 ? rest : {...rest, pdms};
};

/** What the components answer to the client certificate of the moment. */
async function observe(world: World, cluster: TidbCluster, log: Log): Promise<{facts: Facts; secret: ClientSecret | undefined}> {
	const {namespace, name} = cluster.metadata;
	const podsOf = (component: string) => world.list('pods', namespace, labelsOf(cluster, component));
	const topic = `${namespace}/${name} pd`;
	try {
		const secret = await readClientSecret(world.kube, cluster);
		const pods = {
			tso: podsOf('tso'), scheduling: podsOf('scheduling'), pd: podsOf('pd'), tikv: podsOf('tikv'), tidb: podsOf('tidb'), 'dm-master': podsOf('dm-master'), 'dm-worker': podsOf('dm-worker'),
		};
		const {facts, problem} = await askAll({cluster, pods, secret});
		if (problem instanceof Error) {
			log.repeated(topic, `${namespace}/${name}: failed to sync the status of pd: ${problem.message}`);
		}

		return {facts, secret};
	} catch (error) {
		log.repeated(topic, `${namespace}/${name}: ${error instanceof Error ? error.message : String(error)}`);
		return {
			facts: {
				pd: undefined, tikv: {}, tidb: {}, microservices: {}, dm: {}, now: Date.now(),
			}, secret: undefined,
		};
	}
}

/** One component after the other; the first that cannot be synced keeps those behind it waiting. */
async function syncComponents(context: Context): Promise<void> {
	const {world, cluster, log} = context;
	const {namespace, name} = cluster.metadata;
	const discovery = discoveryService(cluster);
	if (!cluster.spec.paused && !world.get('services', namespace, discovery.metadata.name)) {
		await world.create('services', discovery);
	}

	for (const component of componentsOf(cluster)) {
		const problem = await syncComponent(context, component);
		if (problem !== undefined) {
			log.repeated(`${namespace}/${name} sync`, `${namespace}/${name}: ${problem}`);
			return;
		}
	}
}

async function labelPods(world: World, cluster: TidbCluster, {pd}: Facts): Promise<void> {
	if (!pd || cluster.spec.paused) {
		return;
	}

	for (const {name} of componentsOf(cluster)) {
		for (const pod of world.list('pods', cluster.metadata.namespace, labelsOf(cluster, name))) {
			const labels = pod.metadata.deletionTimestamp === undefined ? missingLabels(cluster, name, pod, pd) : undefined;
			if (labels) {
				await world.patch('pods', pod.metadata, {metadata: {uid: pod.metadata.uid, labels}});
			}
		}
	}
}

/** A DMCluster as a TidbCluster would be with its components. */
const asTidbCluster = ({spec: {master, worker, ...spec}, status = {}, ...object}: DmCluster): TidbCluster => ({
	...object,
	kind: 'DMCluster',
	spec: {...spec, ...(master && {'dm-master': master}), ...(worker && {'dm-worker': worker})},
	status: {
		...(status.master && {'dm-master': status.master}), ...(status.worker && {'dm-worker': status.worker}), ...(status.conditions && {conditions: status.conditions}),
	},
});

/** One sync of one DMCluster, as that of a TidbCluster. */
export async function syncDmCluster(world: World, found: DmCluster, log: Log): Promise<{isReady: boolean}> {
	const cluster = asTidbCluster(found);
	const seen = await observe(world, cluster, log);
	const status: TidbClusterStatus = structuredClone(cluster.status ?? {});
	try {
		await syncComponents({
			world, cluster, status, log, phases: {}, ...seen,
		});
	} finally {
		status.conditions = dmConditions(cluster, status, seen.facts.now);
		const patch = mergePatch(found.status ?? {}, withoutUndefined({master: status['dm-master'], worker: status['dm-worker'], conditions: status.conditions}));
		if (patch) {
			await world.patch('dmClusters', cluster.metadata, {status: patch});
		}
	}

	return {isReady: status.conditions?.[0]?.status === 'True'};
}

/**
Writes the status where it changed.

The CRD has no status subresource, so that this is a change of the object as any other and metadata.generation grows with it.
*/
async function writeStatus(world: World, cluster: TidbCluster, status: TidbClusterStatus, facts: Facts): Promise<void> {
	status.conditions = conditions(cluster, status, facts.now);
	const {tso, scheduling, ...present} = cluster.status ?? {};
	const patch = mergePatch(present, withoutUndefined(asWritten(status, facts)));
	if (patch) {
		await world.patch('tidbClusters', cluster.metadata, {status: patch});
	}
}
