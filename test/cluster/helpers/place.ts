import process from 'node:process';
import {execa} from 'execa';
import {connect, type Kube} from '../../sandbox/kube.ts';
import {statePaths} from '../../sandbox/state.ts';
import {lookAround} from './look-around.ts';
import {until} from './until.ts';
import {
	root,
	startSandbox,
	type TestSandbox,
} from './sandbox.ts';

/** A sandbox of a test file, with a connection to its API server. */
export type Place = TestSandbox & {
	kube: Kube;
	/** Another cluster, on the same CA, that is meant as well. */
	companion?: Place;
};

/** Each cluster that is meant. */
export const eachOf = (place: Place): Place[] => [place, ...(place.companion ? [place.companion] : [])];

/** Starts a sandbox; `args` are options of `sandbox up`. */
export const startPlace = async (name: string, args: string[]): Promise<Place> => {
	const sandbox = await startSandbox(name, args);
	return {...sandbox, kube: await connect(statePaths(sandbox.state).kubeconfig)};
};

export {stopSandbox as stopPlace} from './sandbox.ts';

/** How a command ended: exit status (-1: it was ended) and output. */
export type Ended = {status: number; stdout: string; stderr: string};

export type CallOptions = {
	/** Besides the variables of the sandbox. */
	env?: Record<string, string>;
	/** A program and its first arguments, to start the command by: `['unshare', '--mount']`. */
	by?: string[];
	/** Milliseconds after which the command is ended. */
	timeout?: number;
	/** Asked again and again; SIGINT is sent when it says yes. */
	interruptWhen?: () => Promise<boolean>;
};

/** Runs a command of the product with exactly these arguments, without a terminal. */
export const call = async (name: 'rotate' | 'issue' | 'verify', place: Place, args: string[], {env, by = [], timeout = 240_000, interruptWhen}: CallOptions = {}): Promise<Ended> => {
	const [file, ...rest] = [...by, process.execPath, `scripts/${name}.ts`, ...args];
	const child = execa(file!, rest, {
		cwd: root, reject: false, stdin: 'ignore', timeout, env: {...place.env, ...env},
	});
	if (interruptWhen) {
		try {
			await until('the moment to interrupt', interruptWhen, timeout);
		} finally {
			child.kill('SIGINT');
		}
	}

	const {exitCode = -1, stdout, stderr, timedOut} = await child;
	return {status: exitCode, stdout, stderr: timedOut ? `${stderr}\n${await lookAround(place)}` : stderr};
};
