import {setTimeout as sleep} from 'node:timers/promises';
import type {ComponentName, Port} from '../cluster/types.ts';
import {type SteadyForward, steadyForward} from './forward.ts';
import {shake, type ShakeResult} from './handshake.ts';
import type {KeyPair} from './throwaway.ts';
import type {Handshake, Presented} from './types.ts';

/** A pod to ask. */
export type Target = {
	component: ComponentName;
	pod: string;
	namespace: string;
	/** The name by which a component would call it. */
	servername: string;
	ports: Port[];
};

export type Asking = {
	targets: Target[];
	/** The certificates to present. */
	pairs: Array<[Presented, KeyPair]>;
	/** Chooses kubeconfig and context. */
	env: Record<string, string>;
};

export type Answers = {
	handshakes: Handshake[];
	/** Forwarders that died and were started again: neither accepted nor rejected, and no attempt. */
	forwardsLost: number;
};

const attemptsAtMost = 4;
/** Of one pod. A pod that loses more is no longer forgiven. */
const lossesAtMost = 8;
/** Milliseconds, for one try. */
const limit = 5000;
/** Pods asked at a time: each costs a kubectl. */
const sideBySide = 4;

/** How long to wait after an attempt of that number, in milliseconds. */
const backOff = (attempt: number): number => 250 * (2 ** attempt);

type Pod = {target: Target; link: SteadyForward};

const tryOnce = async ({target, link}: Pod, port: Port, pair: KeyPair): Promise<ShakeResult & {isStuck?: true}> => {
	try {
		const local = await link.local(port.port);
		return await shake({
			...local, servername: target.servername, protocol: port.protocol, ...pair, timeout: limit,
		});
	} catch (error) {
		return {verdict: 'unknown', detail: (error as Error).message, isStuck: true};
	}
};

/** Tries one certificate at one port until it is accepted or rejected, or has been tried often enough. */
const ask = async (pod: Pod, port: Port, pair: KeyPair): Promise<ShakeResult & {attempts: number; lost?: number; isStuck?: true}> => {
	let attempts = 1;
	let ended = 0;
	for (;;) {
		const lost = pod.link.lost();

		const result = await tryOnce(pod, port, pair);
		if (result.verdict !== 'unknown' || attempts >= attemptsAtMost) {
			return {...result, attempts, ...(ended > 0 && {lost: ended})};
		}

		await sleep(backOff(attempts));
		if (pod.link.lost() > lost && pod.link.lost() <= lossesAtMost) {
			ended++;
		} else {
			attempts++;
		}
	}
};

/** Asks one pod everything, over one forwarder at a time. */
const askPod = async (target: Target, {pairs, env}: Asking): Promise<Answers> => {
	const {component, pod, namespace, ports} = target;
	const link = steadyForward({
		namespace, pod, ports: ports.map(({port}) => port), env,
	});
	const handshakes: Handshake[] = [];
	let stuck: string | undefined;
	try {
		for (const port of ports) {
			for (const [present, pair] of pairs) {
				// When kubectl cannot reach the pod for one certificate, it cannot for the others either.
				const answer = stuck === undefined

					? await ask({target, link}, port, pair)
					: {verdict: 'unknown' as const, detail: stuck, attempts: 0};
				const {isStuck, ...result} = {isStuck: undefined, ...answer};
				stuck ??= isStuck && result.detail;
				handshakes.push({
					pod, component, port: port.port, present, ...result,
				});
			}
		}
	} finally {
		await link.stop();
	}

	return {handshakes, forwardsLost: link.lost()};
};

/**
Tries every given certificate at every given port of every pod through `kubectl port-forward`, some pods side by side. A
verdict of unknown is tried again, three times, then reported as such.
*/
export const shakeAll = async (asking: Asking): Promise<Answers> => {
	const queue = [...asking.targets];
	const answers: Answers = {handshakes: [], forwardsLost: 0};
	const worker = async (): Promise<void> => {
		for (let target = queue.shift(); target; target = queue.shift()) {
			const {handshakes, forwardsLost} = await askPod(target, asking);
			answers.handshakes.push(...handshakes);
			answers.forwardsLost += forwardsLost;
		}
	};

	await Promise.all(Array.from({length: sideBySide}, worker));
	return answers;
};
