import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import type {Ended} from './place.ts';
import {root, type TestSandbox} from './sandbox.ts';

/** What the runbook command prints for these arguments, and its exit status. It is asked without a kubeconfig: it needs no cluster. */
export const askRunbook = async (args: string[]): Promise<Ended> => {
	const {exitCode = -1, stdout, stderr} = await execa(process.execPath, ['scripts/runbook.ts', ...args], {
		cwd: root, reject: false, stdin: 'ignore', env: {KUBECONFIG: '/dev/null'}, stripFinalNewline: false,
	});
	return {status: exitCode, stdout, stderr};
};

/**
The runbook for a place's cluster and folder. `args` may name another folder.

@throws Error when the command refuses.
*/
export const printRunbook = async ({cluster, namespace, folder}: TestSandbox, args: string[]): Promise<string> => {
	const {status, stdout, stderr} = await askRunbook(['--cluster', cluster, '--namespace', namespace, ...(args.includes('--dir') ? [] : ['--dir', folder]), ...args]);
	if (status !== 0) {
		throw new Error(stderr);
	}

	return stdout;
};

export type ScriptOptions = {
	/** Besides the variables of the sandbox. */
	env?: Record<string, string>;
	/** Where it is run; a relative cluster folder begins there. */
	cwd?: string;
	/** Milliseconds after which it is ended. */
	timeout?: number;
};

/** Runs the text of a script by bash, from a file, without a terminal. */
export const runScript = async ({env: own}: TestSandbox, text: string, {env, cwd = root, timeout = 285_000}: ScriptOptions = {}): Promise<Ended> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'runbook-'));
	try {
		const file = path.join(folder, 'runbook.sh');
		await writeFile(file, text);
		const {exitCode = -1, stdout, stderr} = await execa('bash', [file], {
			cwd, reject: false, stdin: 'ignore', timeout, env: {...own, ...env},
		});
		return {status: exitCode, stdout, stderr};
	} finally {
		await rm(folder, {recursive: true});
	}
};

/** Prints a runbook and runs it. */
export const runRunbook = async (place: TestSandbox, args: string[], options: ScriptOptions = {}): Promise<Ended> =>
	runScript(place, await printRunbook(place, args), options);
