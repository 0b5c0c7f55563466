import process from 'node:process';
import {execa} from 'execa';
import {lookAround} from './look-around.ts';
import {root, type TestSandbox} from './sandbox.ts';

/** What a command printed, and its exit status. */
export type Ran = {exitCode: number; stdout: string; stderr: string; seconds: number};

export type RunOptions = {
	/** Variables besides those of the sandbox. */
	env?: Record<string, string>;
	/** The TidbCluster; default that of the sandbox. */
	cluster?: string;
	signal?: AbortSignal;
};

/** A command that takes longer is ended, before its test is: it must not go on beside the next one. */
const timeout = 280_000;

const run = async (command: 'rotate' | 'rollback' | 'verify' | 'status', {signal, ...options}: RunOptions, sandbox: TestSandbox, args: string[]): Promise<Ran> => {
	const started = Date.now();
	const {exitCode = -1, stdout, stderr, timedOut} = await execa(process.execPath, [`scripts/${command}.ts`, '--cluster', options.cluster ?? sandbox.cluster, ...args], {
		cwd: root, env: {...sandbox.env, ...options.env}, stdin: 'ignore', reject: false, timeout, ...(signal && {cancelSignal: signal}),
	});
	return {
		exitCode, stdout, stderr: timedOut ? `${stderr}\n${await lookAround(sandbox)}` : stderr, seconds: Math.round((Date.now() - started) / 1000),
	};
};

/** `npm run rotate` as a person runs it, but for npm. */
export const rotate = async (sandbox: TestSandbox, args: string[], options: RunOptions = {}): Promise<Ran> => run('rotate', options, sandbox, args);

/** `npm run verify`, or `npm run status`, in the same way. */
export const look = async (command: 'verify' | 'status', sandbox: TestSandbox, args: string[] = []): Promise<Ran> => run(command, {}, sandbox, args);

/** `npm run rollback` in the same way; nothing is asked. */
export const rollback = async (sandbox: TestSandbox, args: string[] = [], options: RunOptions = {}): Promise<Ran> => run('rollback', options, sandbox, ['--yes', ...args]);

/**
Runs kubectl against the sandbox and gives its standard output; `input` goes to its standard input.

@throws execa's error when kubectl fails.
*/
export const kubectl = async (sandbox: TestSandbox, args: string[], input?: string): Promise<string> => {
	const {stdout} = await execa('kubectl', args, {env: sandbox.env, ...(input === undefined ? {stdin: 'ignore' as const} : {input})});
	return stdout;
};

/** An object as `kubectl get -o json` prints it, as far as tests look at it. */
export type Item = {
	metadata: {name: string; uid: string; resourceVersion: string; annotations?: Record<string, string>; labels?: Record<string, string>};
	data?: Record<string, string>;
	spec?: unknown;
};

/** `kubectl get … -o json`, parsed: the items of a list, or the one object. */
export const kubectlItems = async (sandbox: TestSandbox, args: string[]): Promise<Item[]> => {
	const object = JSON.parse(await kubectl(sandbox, ['get', ...args, '-o', 'json'])) as Item & {items?: Item[]};
	return object.items ?? [object];
};
