import type {Policy, RollStep} from './roll.ts';
import type {PodView} from './views.ts';

export const evictionBegin = 'evictLeaderBeginTime';
export const evictionEnd = 'tidb.pingcap.com/tikv-evict-leader-end-at';

const notReady = (component: string, pod: PodView) => pod.ready ? undefined : `${component} upgraded pod: [${pod.name}] is not ready`;

/** PD: the member must be healthy, and a leader hands over before its pod goes. */
export function pdPolicy({replicas, leader, healthy}: {replicas: number; leader: string | undefined; healthy: ReadonlySet<string>}): Policy {
	return {
		unfit: pod => notReady('pd', pod) ?? (healthy.has(pod.name) ? undefined : `pd upgraded pod: [${pod.name}], pd member is not healthy`),
		after: () => [],
		before(pod) {
			if (pod.name !== leader || replicas < 2) {
				return [];
			}

			// To the highest ordinal, which is replaced already and so keeps the leadership, or from it to the lowest.
			const set = pod.name.slice(0, pod.name.lastIndexOf('-'));
			const target = pod.ordinal === replicas - 1 ? 0 : replicas - 1;
			return [{do: 'transfer leader', from: pod.name, to: `${set}-${target}`}];
		},
	};
}

type TikvFacts = {
	replicas: number;

	/** Region leaders per pod, as its metrics say; undefined where they could not be asked. */
	leaders: Record<string, number | undefined>;
	up: ReadonlySet<string>;

	/** In milliseconds, as Date.now(). */
	now: number;

	/** How long to wait for the leaders to go, in milliseconds. */
	timeout: number;
};

/**
TiKV: its leaders are evicted before its pod goes, and the roll waits for as long as the metrics cannot be asked.

No scheduler is added to PD: the TiKV stand-ins are no stores there, so it has no leaders to move. For the same reason nothing waits for leaders to come back.
*/
export function tikvPolicy({replicas, leaders, up, now, timeout}: TikvFacts): Policy {
	const time = toTime(now);
	const annotate = (pod: PodView, key: string): RollStep => ({do: 'annotate', pod: pod.name, annotations: {[key]: time}});
	return {
		unfit: pod => notReady('tikv', pod) ?? (up.has(pod.name) ? undefined : `upgraded tikv pod: [${pod.name}], store state is not UP`),
		after: pod => replicas < 2 || pod.annotations[evictionEnd] !== undefined ? [] : [annotate(pod, evictionEnd)],
		before(pod) {
			if (replicas < 2) {
				return [];
			}

			const begin = pod.annotations[evictionBegin];
			if (begin === undefined) {
				return [annotate(pod, evictionBegin), {do: 'wait', why: `begin to evict the leaders of ${pod.name}`}];
			}

			const count = leaders[pod.name];
			if (count === undefined) {
				return [{do: 'wait', why: `cannot ask ${pod.name} for its leaders`}];
			}

			return count === 0 || now - Date.parse(begin) > timeout ? [] : [{do: 'wait', why: `${pod.name} still has ${count} leaders`}];
		},
	};
}

/** TiDB, and the components that were not recorded: ready, and healthy where its status port is asked. */
export function plainPolicy(component: string, healthy?: ReadonlySet<string>): Policy {
	return {
		unfit: pod => notReady(component, pod) ?? (!healthy || healthy.has(pod.name) ? undefined : `${component} upgraded pod: [${pod.name}] is not healthy`),
		after: () => [],
		before: () => [],
	};
}

/** Kubernetes' time format: RFC 3339 in UTC, whole seconds. */
export function toTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d+Z$/v, 'Z');
}

/** A Go duration of whole numbers, such as `1500m` or `1h30m`, in milliseconds. */
export function toMilliseconds(duration: string): number {
	const units: Record<string, number> = {
		h: 3_600_000, m: 60_000, s: 1000, ms: 1,
	};
	let sum = 0;
	// eslint-disable-next-line regexp/no-super-linear-move -- a setting of a few characters
	for (const {groups} of duration.matchAll(/(?<count>\d+)(?<unit>ms|[hms])/gv)) {
		sum += Number(groups?.count) * (units[groups?.unit ?? ''] ?? 0);
	}

	return sum;
}
