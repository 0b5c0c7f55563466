import {controlPlaneAddress, ordinalOf} from '../address.ts';
import {resources} from '../kube.ts';
import {makeBackoff} from './backoff.ts';
import {podLog, removeKwokObjects} from './kwok-objects.ts';
import {portsOf} from './launch.ts';
import {makeLogCopy} from './log-lines.ts';
import {makeNeighbours} from './neighbours.ts';
import {type Node, placeOf} from './node.ts';
import {makePodProcess} from './pod-process.ts';
import {type Mounted, setUp} from './pod-setup.ts';
import {isProcessKept} from './restart-process.ts';
import {type Observed, podStatus} from './status.ts';
import {type Pod, setOf} from './types.ts';

const now = (): string => new Date().toISOString();

/** Most pods have a successor within a second, which needs the same kwok objects. */
const successorWithin = 5000;

/**
All pods of one name, one after the other: they have the same address, so one process at most. `sync` looks at what is
there and does the next thing; it is called again and again, never twice at once.
*/
export const makeSlot = (node: Node, namespace: string, name: string) => {
	const {kube, state, sandbox} = node;
	const place = placeOf(node, namespace, name);
	const process = makePodProcess(node, place);
	const copyLog = makeLogCopy(place.log, podLog(place));
	const writeNeighbours = makeNeighbours(node, place);
	const backoff = makeBackoff();
	let latest: Pod | undefined;
	let goneSince = Infinity;
	let mounted: Mounted | undefined;
	let seen = {uid: '', startTime: ''};
	let reported = '';
	let isReady = false;
	let isLoaded = false;

	const isKept = async (): Promise<boolean> => isProcessKept(state, namespace, name);

	const report = async (pod: Pod, observed: Pick<Observed, 'running' | 'waiting' | 'restarts' | 'before'>): Promise<void> => {
		const {uid} = pod.metadata;
		const status = podStatus(pod, {
			address: place.address, hostAddress: controlPlaneAddress(sandbox.network), startTime: seen.startTime, ...observed,
		}, now());
		// Times of transition are left out: they differ until our own patch has come back through the watch.
		const content = JSON.stringify([uid, status], (key, value: unknown) => key === 'lastTransitionTime' ? undefined : value);
		if (content === reported) {
			return;
		}

		await kube.patch(resources.pods, {namespace, name}, {metadata: {uid}, status}, 'status');
		reported = content;
	};

	const reportProcess = async (pod: Pod): Promise<void> => {
		const {pod: {containerStartedAt: startedAt, restarts}, before} = process.record()!;
		isReady = portsOf(pod).every(port => node.listening().has(`${place.address}:${port}`));
		await report(pod, {running: {startedAt, isReady}, restarts, ...(before && {before})});
	};

	const startUnlessTooSoon = async (pod: Pod): Promise<void> => {
		const record = process.record();
		if (record?.pod.uid === pod.metadata.uid && !backoff.mayStart(record!.startedAt)) {
			const {pod: {containerStartedAt: startedAt, restarts}} = record!;
			await report(pod, {waiting: {reason: 'CrashLoopBackOff', message: 'the process ended'}, restarts, before: {startedAt, finishedAt: backoff.diedAt()}});
			return;
		}

		await process.start(pod);
	};

	/** The pod shall run. */
	const run = async (pod: Pod): Promise<void> => {
		const uid = pod.metadata.uid!;
		if (mounted?.uid !== uid) {
			const result = await setUp(node, place, pod);
			if ('waits' in result) {
				await report(pod, {waiting: {reason: 'ContainerCreating', message: result.waits}, restarts: 0});
				return;
			}

			mounted = result;
		}

		await writeNeighbours();
		const isRunning = await process.isAlive();
		if (isRunning && process.record()!.pod.uid !== uid) {
			// The process of the last pod is still there: the accident, or a pod deleted by force.
			if (!await isKept()) {
				await process.hasEnded(pod.spec.terminationGracePeriodSeconds ?? 30);
				return;
			}

			await process.adopt(pod);
		}

		// A process that is to be kept goes on reading what it has: its volumes stand still from the moment of the switch.
		const isFrozen = async () => isRunning && process.record()!.uid === uid && await isKept();
		await mounted.refresh(which => node.secret(namespace, which), Date.now(), isFrozen);

		isReady &&= isRunning;
		await (isRunning ? reportProcess(pod) : startUnlessTooSoon(pod));
	};

	/** The pod shall go. */
	const stop = async (pod: Pod): Promise<void> => {
		if (await process.isAlive() && await isKept()) {
			node.log(`${place.key}: the pod goes, its process ${process.record()!.pid} is kept`);
		} else if (!await process.hasEnded(pod.spec.terminationGracePeriodSeconds ?? 30)) {
			return;
		}

		await kube.remove(resources.pods, {namespace, name}, {uid: pod.metadata.uid!, gracePeriodSeconds: 0});
	};

	/** There is no pod. */
	const isCleared = async (): Promise<boolean> => {
		if (await isKept() || !await process.hasEnded(30) || Date.now() - goneSince < successorWithin) {
			return false;
		}

		mounted = undefined;
		await process.tidy();
		await removeKwokObjects(kube, place);
		return true;
	};

	return {
		key: place.key,

		/** Takes the pod as the API server has it now; undefined: there is none. */
		set(next: Pod | undefined): void {
			latest = next;
			goneSince = next ? Infinity : Date.now();
			if (next && next.metadata.uid !== seen.uid) {
				seen = {uid: next.metadata.uid!, startTime: next.status?.startTime ?? now()};
			}
		},

		isEmpty: (): boolean => latest === undefined,

		/** Whether nothing is under way: the process may die, and nothing else changes by itself. */
		isAtRest: (): boolean => isReady && mounted?.uid === latest?.metadata.uid && latest?.metadata.deletionTimestamp === undefined && !mounted?.isDue(),

		/**
		Does the next thing.

		@returns whether there was nothing left to look after.
		*/
		async sync(): Promise<boolean> {
			const pod = latest;
			if (!isLoaded) {
				await process.load();
				isLoaded = true;
			}

			await copyLog();
			if (!pod) {
				return isCleared();
			}

			await (pod.metadata.deletionTimestamp === undefined ? run(pod) : stop(pod));
			return false;
		},
	};
};

export type Slot = ReturnType<typeof makeSlot>;

/** Whether the kubelet of this node looks after the pod. */
export const isOurs = (pod: Pod, node: string): boolean =>
	setOf(pod) !== undefined && ordinalOf(pod.metadata.name) !== undefined && (pod.spec.nodeName ?? node) === node;
