import {startProgram} from '../run/program.ts';

const startLimit = 20_000;

/** Where a port of the pod can be reached on this machine. */
type Local = {host: string; port: number};

export type Forward = {
	local: (port: number) => Local;
	/** Whether the forwarder still runs: one reset connection can end it (`lost connection to pod`). */
	alive: () => boolean;
	stop: () => Promise<void>;
};

export type ForwardOptions = {
	namespace: string;
	pod: string;
	/** Of the pod. */
	ports: number[];
	/** Chooses kubeconfig and context. */
	env: Record<string, string>;
	/** Ends it, also while it starts. */
	signal?: AbortSignal;
};

const announcement = /^Forwarding from \[?(?<host>[^\s\]]+)\]?:(?<local>\d+) -> (?<port>\d+)/v;

/** Collects the announced addresses; `complete` resolves when all that are wanted are known, or never. */
const collector = (wanted: number[]) => {
	const local = new Map<number, Local>();
	const {promise: complete, resolve} = Promise.withResolvers<void>();
	const onLine = (line: string): void => {
		const match = announcement.exec(line)?.groups;
		// One that is announced a second time, for IPv6, may be somebody else's there: kubectl is content with one address.
		if (match && !local.has(Number(match.port))) {
			local.set(Number(match.port), {host: match.host!, port: Number(match.local)});
		}

		if (wanted.every(port => local.has(port))) {
			resolve();
		}
	};

	return {local, onLine, complete};
};

/**
Starts one `kubectl port-forward` for all given ports of a pod, each at a free local port.
@throws Error with kubectl's words when it does not come up within 20 s.
*/
export const forward = async ({namespace, pod, ports, env, signal}: ForwardOptions): Promise<Forward> => {
	const {local, onLine, complete} = collector(ports);
	const program = startProgram('kubectl', ['port-forward', `--namespace=${namespace}`, '--address=localhost', `pod/${pod}`, ...ports.map(port => `:${port}`)], {env, onLine});
	let isAlive = true;
	let words = '';
	const stop = (): void => {
		void program.stop();
	};

	signal?.addEventListener('abort', stop);
	const ended = (async () => {
		const {stderr} = await program.ended;
		signal?.removeEventListener('abort', stop);
		isAlive = false;
		words = stderr.trim();
	})();
	if (signal?.aborted) {
		stop();
	}

	const limit = setTimeout(stop, startLimit);
	await Promise.race([complete, ended]);
	clearTimeout(limit);
	if (ports.some(port => !local.has(port))) {
		await ended;
		throw new Error(`kubectl port-forward to ${pod} did not start: ${words === '' ? `no answer within ${startLimit / 1000} s` : words}`);
	}

	return {
		local: port => local.get(port)!,
		alive: () => isAlive,
		async stop() {
			await program.stop();
		},
	};
};

export type SteadyForward = {
	/** The address of a port of the pod; it starts the forwarder when there is none. */
	local: (port: number) => Promise<Local>;
	/** How many forwarders have died. */
	lost: () => number;
	stop: () => Promise<void>;
};

/** A forward that is started when it is first needed, and again whenever it has died. */
export const steadyForward = (options: ForwardOptions, start = forward): SteadyForward => {
	let current: Forward | undefined;
	/** Whoever asks meanwhile waits for the same one. */
	let starting: Promise<Forward> | undefined;
	let gone = 0;
	const bury = (): void => {
		if (current?.alive() !== false) {
			return;
		}

		gone++;
		current = undefined;
	};

	const begin = async (): Promise<Forward> => {
		try {
			current = await start(options);
			return current;
		} finally {
			starting = undefined;
		}
	};

	return {
		async local(port) {
			bury();
			starting ??= current ? undefined : begin();
			const there = current ?? await starting!;
			return there.local(port);
		},
		lost() {
			bury();
			return gone;
		},
		async stop() {
			const last = current;
			current = undefined;
			await last?.stop();
		},
	};
};
