import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import {runningComponents} from '../../cluster/components.ts';
import type {Cluster, Port} from '../../cluster/types.ts';
import {readClientSecret} from '../../observe/client-secret.ts';
import type {Access} from '../../observe/cluster.ts';
import {type SteadyForward, steadyForward} from '../../observe/forward.ts';
import type {Observation} from '../../observe/types.ts';
import type {ProbeNumbers} from '../../report/numbers.ts';
import {targets} from '../targets.ts';
import type {Alarm} from './alarm.ts';
import {type Linked, tryPort} from './attempt.ts';
import {keepFresh} from './client.ts';
import {
	type Attempt,
	type Count,
	counted,
	isAlarming,
	noCount,
	numbersOf,
} from './count.ts';

export type ProbeOptions = {
	access: Access;
	cluster: Cluster;
	/** Milliseconds between two connections to a port. */
	interval: number;
	/** The last observation of the run, for the pods. */
	latest: () => Observation;
	/** Called once, when enough certificate failures in a row were seen at a port. It must not throw. */
	onAlarm: (alarm: Alarm) => void;
};

export type Probe = {
	/** Ends it with all its programs, and gives the counts. It does not throw. */
	stop: () => Promise<ProbeNumbers>;
};

/** How reaching the cluster is done; tests have their own ways. */
export type ProbeMeans = {read: typeof readClientSecret; open: typeof steadyForward};

const usual: ProbeMeans = {read: readClientSecret, open: steadyForward};

/** Connections under way at most: each may start a kubectl. */
const sideBySide = 16;
/** Every connection of a second shares one reading of the Secret, in milliseconds. */
const oldest = 1000;
/** How often it looks what is due, in milliseconds. */
const tick = 50;

/** One port of one pod. */
type Door = {pod: Linked & {lost: number}; port: Port; count: Count; dueAt: number; isBusy: boolean};

/**
Opens mTLS connections to every TLS port of every pod through `kubectl port-forward` until it is stopped, as a client does that reads the
cluster client Secret for each connection: full handshakes, judged by design.md 5 and by that Secret's bundle. What it cannot ask (an API
server that is slow, a pod that is not there) it asks again later, and counts nothing.
*/
export const startProbe = ({access, cluster, interval, latest, onAlarm}: ProbeOptions, {read, open}: ProbeMeans = usual): Probe => {
	const over = new AbortController();
	const doors = new Map<string, Door[]>();
	const links: SteadyForward[] = [];
	const underWay = new Set<Promise<void>>();
	const client = keepFresh(async () => read(access, cluster), Math.min(interval, oldest));
	let isAlarmed = false;

	/** Takes up the pods that were not seen before; one that is made anew keeps its name, and its counts. */
	const admit = (): void => {
		const unknown = targets(cluster, latest(), runningComponents(cluster)).filter(({pod}) => !doors.has(pod));
		for (const [index, target] of unknown.entries()) {
			const {namespace, pod, component, ports} = target;
			const link = open({
				namespace, pod, ports: ports.map(({port}) => port), env: access.env, signal: over.signal,
			});
			links.push(link);
			const linked = {target, link, lost: 0};
			// Spread over the interval, so that the connections do not come all at once.
			const dueAt = performance.now() + (interval * index / unknown.length);
			doors.set(pod, ports.map(port => ({
				pod: linked, port, count: noCount({pod, component, port: port.port}), dueAt, isBusy: false,
			})));
		}
	};

	const take = (door: Door, attempt: Attempt | undefined): void => {
		const {pod} = door;
		const lost = pod.link.lost();
		door.count = {...door.count, forwardsLost: door.count.forwardsLost + lost - pod.lost};
		pod.lost = lost;
		if (!attempt) {
			return;
		}

		door.count = counted(door.count, attempt);
		if (isAlarmed || !isAlarming(door.count)) {
			return;
		}

		isAlarmed = true;
		onAlarm({pod: door.count.pod, port: door.count.port, words: attempt.words});
	};

	const knock = async (door: Door): Promise<void> => {
		door.isBusy = true;
		door.dueAt = performance.now() + interval;
		let attempt: Attempt | undefined;
		try {
			attempt = await tryPort(door.pod, door.port, await client());
		} catch {
			// No connection was made: the Secret could not be read, or the pod not be reached.
		}

		door.isBusy = false;
		// What ends now may have been ended by us.
		if (!over.signal.aborted) {
			take(door, attempt);
		}
	};

	const begin = (door: Door): void => {
		const one = knock(door).finally(() => {
			underWay.delete(one);
		});
		underWay.add(one);
	};

	const run = async (): Promise<void> => {
		while (!over.signal.aborted) {
			admit();
			const due = doors.values().toArray().flat().filter(({isBusy, dueAt}) => !isBusy && dueAt <= performance.now());
			for (const door of due.toSorted((one, other) => one.dueAt - other.dueAt).slice(0, sideBySide - underWay.size)) {
				begin(door);
			}

			await sleep(tick, undefined, {signal: over.signal}).catch(() => undefined);
		}
	};

	const running = run();
	return {
		async stop() {
			over.abort();
			await running;
			await Promise.all(underWay);
			await Promise.all(links.map(async link => link.stop()));
			return {targets: numbersOf(doors.values().toArray().flat().map(({count}) => count))};
		},
	};
};
