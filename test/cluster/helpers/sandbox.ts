import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import {readState, type Sandbox, stateFolder} from '../../sandbox/state.ts';

/** The repository. */
export const root = path.join(import.meta.dirname, '../../..');

/** A sandbox that a test runs in. */
export type TestSandbox = Sandbox & {
	/** Absolute path of its state folder. */
	state: string;
	/** Absolute path of the folder of its cluster. */
	folder: string;
	/** What `sandbox env` prints: KUBECONFIG, TIDB_CLUSTERS, PATH. */
	env: Record<string, string>;
	/** The side of the cluster that is meant; with `mysql`, `folder` is that side's. */
	side?: 'mysql';
};

/** Options of `sandbox up` for tests that ask what a run says and writes, not of how many pods: stand-ins, and a second PD, since it has a leader. */
export const few = ['--profile', 'light', '--pd', '2', '--tikv', '1', '--tidb', '1'];

const run = async (name: string, args: string[]) => execa(process.execPath, ['scripts/sandbox.ts', ...args, '--name', name], {cwd: root, stdin: 'ignore'});

const variables = ['KUBECONFIG', 'TIDB_CLUSTERS', 'PATH'];

/** The variables that `sandbox env` prints for `eval`, as bash evaluates them. */
const environment = async (name: string): Promise<Record<string, string>> => {
	const {stdout: exports} = await run(name, ['env']);
	const {stdout} = await execa('bash', ['-c', `${exports}\nfor name in ${variables.join(' ')}; do printf '%s\\n' "\${!name}"; done`]);
	const values = stdout.split('\n');
	return Object.fromEntries(variables.map((variable, index) => [variable, values[index]!]));
};

/**
Starts a sandbox with the command line, after ending what an earlier run left of it.

@param name - its name: each test file has its own.
@param args - options of `sandbox up`: `['--profile', 'light']`.
*/
export const startSandbox = async (name: string, args: string[] = []): Promise<TestSandbox> => {
	await run(name, ['down']);
	await run(name, ['up', ...args]);
	const state = stateFolder(root, name);
	const [sandbox, env] = await Promise.all([readState(state), environment(name)]);
	return {
		...sandbox, state, env, folder: path.join(env.TIDB_CLUSTERS!, sandbox.folderName),
	};
};

/** Ends a sandbox. `keep` leaves its state folder for a look at the logs. */
export const stopSandbox = async (name: string, {keep = false} = {}): Promise<void> => {
	await run(name, ['down', ...(keep ? ['--keep'] : [])]);
};
