import {setTimeout as sleep} from 'node:timers/promises';
import {connect, resources} from '../kube.ts';
import {standinProgram} from '../standin/build.ts';
import {readState, statePaths} from '../state.ts';
import {keepCache} from './cache.ts';
import {writeExecBin} from './exec-view.ts';
import {readListening} from './listening.ts';
import type {Node} from './node.ts';
import {isOurs, makeSlot, type Slot} from './slot.ts';
import type {Pod, Secret, StatefulSet} from './types.ts';

/** Between two looks at processes, ports and delays, in milliseconds; what the API server tells is acted on at once. */
const interval = 250;

/** The same for pods at which nothing is under way. */
const restInterval = 1000;

/**
Play kubelet without containers, until `signal` says stop: for each pod of a StatefulSet mount the volumes and run a process on
the pod's own loopback address. Processes outlive the kubelet; the next one finds them. `state` is the absolute path of the
sandbox's state folder.
*/
export const runKubelet = async (state: string, {signal, log}: {signal: AbortSignal; log: (text: string) => void}): Promise<void> => {
	const sandbox = await readState(state);
	const kube = await connect(statePaths(state).kubeconfig);
	await writeExecBin(state);
	const standin = await standinProgram();

	let restUntil = 0;
	const secrets = keepCache<Secret>(kube, resources.secrets, {
		signal, log, changed() {
			restUntil = 0;
		},
	});
	const statefulSets = keepCache<StatefulSet>(kube, resources.statefulSets, {signal, log});
	await Promise.all([secrets.listed, statefulSets.listed]);

	let listening = new Set<string>();
	const node: Node = {
		kube,
		state,
		sandbox,
		standin,
		log,
		secret: (namespace, name) => secrets.objects.get(`${namespace}/${name}`),
		statefulSets: () => [...statefulSets.objects].map(([, set]) => set),
		listening: () => listening,
	};

	const slots = new Map<string, Slot>();
	const busy = new Set<string>();
	const sync = async (slot: Slot): Promise<void> => {
		if (busy.has(slot.key)) {
			return;
		}

		busy.add(slot.key);
		try {
			if (await slot.sync() && slot.isEmpty()) {
				slots.delete(slot.key);
			}
		} catch (error) {
			log(`${slot.key}: ${String(error)}`);
		} finally {
			busy.delete(slot.key);
		}
	};

	const changed = (key: string, pod: Pod | undefined): void => {
		if (pod && isOurs(pod, sandbox.node) && !slots.has(key)) {
			slots.set(key, makeSlot(node, pod.metadata.namespace!, pod.metadata.name));
		}

		const slot = slots.get(key);
		if (!slot) {
			return;
		}

		slot.set(pod);
		void sync(slot);
	};

	keepCache<Pod>(kube, resources.pods, {signal, log, changed});
	while (!signal.aborted) {
		const isEverybodysTurn = Date.now() >= restUntil;
		restUntil = isEverybodysTurn ? Date.now() + restInterval : restUntil;
		const due = slots.values().filter(slot => isEverybodysTurn || !slot.isAtRest()).toArray();
		if (due.length > 0) {
			// One look after the other: each is about what the last one did.
			listening = await readListening();
		}

		// Not waited for: a pod whose turn takes long holds up no other.
		for (const slot of due) {
			void sync(slot);
		}

		await sleep(interval);
	}
};
