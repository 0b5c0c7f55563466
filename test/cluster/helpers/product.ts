import process from 'node:process';
import {execa} from 'execa';
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

/** `npm run rotate` as a person runs it, but for npm. */
export const rotate = async ({env, cluster}: TestSandbox, args: string[], options: RunOptions = {}): Promise<Ran> => {
	const started = Date.now();
	const {exitCode = -1, stdout, stderr} = await execa(process.execPath, ['scripts/rotate.ts', '--cluster', options.cluster ?? cluster, ...args], {
		cwd: root, env: {...env, ...options.env}, stdin: 'ignore', reject: false, ...(options.signal && {cancelSignal: options.signal}),
	});
	return {
		exitCode, stdout, stderr, seconds: Math.round((Date.now() - started) / 1000),
	};
};

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
