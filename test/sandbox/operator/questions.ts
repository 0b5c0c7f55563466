import {ask, type ClientSecret} from './ask.ts';
import type {Facts} from './facts.ts';
import {PdClient} from './pd.ts';
import type {Pod, TidbCluster} from './types.ts';

/** What is asked in a sync, and of whom. */
export type Asked = {cluster: TidbCluster; pods: Record<'tso' | 'scheduling' | 'pd' | 'tikv' | 'tidb' | 'dm-master' | 'dm-worker', Pod[]>; secret: ClientSecret};

/**
Asks PD for its members, each TiKV for its metrics and each TiDB for its status, at the same time; each of PD's microservices; of a DM cluster each master and worker.

@returns The answers, and why PD could not be asked, if so.
*/
export async function askAll({cluster, pods, secret}: Asked): Promise<{facts: Facts; problem?: unknown}> {
	const {namespace, name} = cluster.metadata;
	const at = (pod: Pod, component: string) => ({
		address: pod.status?.podIP ?? '',
		servername: `${pod.metadata.name}.${name}-${component}-peer.${namespace}`,
		secret,
	});
	const [pd, tikv, tidb, tso, scheduling, masters, workers] = await Promise.all([
		outcome(async () => cluster.kind === 'DMCluster' ? undefined : new PdClient(cluster, pods.pd, secret).look()),
		each(pods.tikv, async pod => leaderCount(await ask({...at(pod, 'tikv'), port: 20_180, path: '/metrics'}))),
		each(pods.tidb, async pod => ask({...at(pod, 'tidb'), port: 10_080, path: '/status'})),
		// The real operator asks PD for them, and PD knows of none before the first TiKV: those here are no stores of its.
		each(pods.tso, async pod => ask({...at(pod, 'tso'), port: 2379, path: '/status'})),
		each(pods.scheduling, async pod => ask({...at(pod, 'scheduling'), port: 2379, path: '/status'})),
		each(pods['dm-master'], async pod => ask({...at(pod, 'dm-master'), port: 8261, path: '/status'})),
		// The real operator asks the masters for them.
		each(pods['dm-worker'], async pod => ask({...at(pod, 'dm-worker'), port: 8262, path: '/status'})),
	]);
	return {
		facts: {
			pd: pd.value,
			tikv: mapValues(tikv, ({value, problem}) => ({up: problem === undefined, leaders: value})),
			tidb: mapValues(tidb, ({problem}) => problem === undefined),
			microservices: mapValues({...tso, ...scheduling}, ({problem}) => problem === undefined),
			dm: mapValues({...masters, ...workers}, ({problem}) => problem === undefined),
			now: Date.now(),
		},
		...pd.problem !== undefined && {problem: pd.problem},
	};
}

/**
The region leaders of a TiKV.

@param metrics - Prometheus text.
@returns undefined where there is no such metric: the roll waits then.
*/
export function leaderCount(metrics: string): number | undefined {
	const match = /^tikv_raftstore_region_count\{[^\}]*type="leader"[^\}]*\}\s+(?<count>\S+)/mv.exec(metrics);
	return match ? Number(match.groups?.count) : undefined;
}

type Outcome<T> = {value?: T; problem?: unknown};

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
	try {
		return {value: await work()};
	} catch (error) {
		return {problem: error};
	}
}

/** Asks each pod that has an address. */
async function each<T>(pods: Pod[], question: (pod: Pod) => Promise<T>): Promise<Record<string, Outcome<T>>> {
	const asked = pods.filter(pod => pod.status?.podIP !== undefined);
	return Object.fromEntries(await Promise.all(asked.map(async pod => [pod.metadata.name, await outcome(async () => question(pod))] as const)));
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
