import path from 'node:path';
import process from 'node:process';
import {$} from 'zx';
import {exitStatus} from '../src/run/errors.ts';

/** `make demo`: a TiDB cluster in a sandbox of its own goes from its old CA to a new one, and the sandbox is taken down, whatever happens. */
const scripts = import.meta.dirname;
const sandbox = ['--name', 'demo'];

/** Aborted by the first SIGINT or SIGTERM. At a terminal the command that runs has got the same signal, and ends as it thinks right. */
const interrupted = new AbortController();
const running: {command: {kill: (signal: NodeJS.Signals) => boolean} | undefined} = {command: undefined};
process.on('SIGINT', () => {
	interrupted.abort();
});
process.on('SIGTERM', () => {
	interrupted.abort();
	running.command?.kill('SIGTERM');
});

const heading = (text: string): void => {
	process.stderr.write(`\n== ${text}\n`);
};

/**
Runs one of our commands with its output to the terminal. With `undisturbed` a Ctrl-C does not reach it.
@returns its exit status.
*/
const run = async (name: string, args: string[], {env = {}, undisturbed = false}: {env?: Record<string, string>; undisturbed?: boolean} = {}): Promise<number> => {
	const command = $({
		env: {...process.env, ...env}, stdio: ['ignore', 'inherit', 'inherit'], nothrow: true, verbose: false, quiet: true, detached: undisturbed, preferLocal: false,
	})`exec ${process.execPath} ${path.join(scripts, `${name}.ts`)} ${args}`;
	// `exec`: the shell becomes the command, and a signal reaches it.
	running.command = undisturbed ? undefined : command.child;
	const {exitCode} = await command;
	running.command = undefined;
	return exitCode ?? exitStatus.failed;
};

/** The variables that `sandbox env` prints. */
const environment = async (): Promise<Record<string, string>> => {
	const {stdout} = await $({
		nothrow: false, verbose: false, quiet: true, preferLocal: false,
	})`eval "$(${process.execPath} ${path.join(scripts, 'sandbox.ts')} env ${sandbox})" && printf '%s\n' "$KUBECONFIG" "$TIDB_CLUSTERS" "$PATH"`;
	const [kubeconfig, clusters, search] = stdout.split('\n', 3);
	return {KUBECONFIG: kubeconfig!, TIDB_CLUSTERS: clusters!, PATH: search!};
};

const rotate = async (): Promise<number> => {
	heading('A sandbox with a TiDB cluster: 3 PD, 3 TiKV, 2 TiDB (what is missing is built first; the first time takes some 15 minutes)');
	const up = await run('sandbox', ['up', ...sandbox]);
	if (up !== exitStatus.done || interrupted.signal.aborted) {
		return up;
	}

	heading('npm run rotate -- --cluster basic --retire-old-ca --probe --yes');
	return run('rotate', ['--cluster', 'basic', '--retire-old-ca', '--probe', '--yes'], {env: await environment()});
};

let status: number = exitStatus.failed;
try {
	// What an earlier demo left behind when it was killed.
	await run('sandbox', ['down', ...sandbox], {undisturbed: true});
	status = interrupted.signal.aborted ? exitStatus.interrupted : await rotate();
} finally {
	heading('The sandbox is taken down');
	const down = await run('sandbox', ['down', ...sandbox], {undisturbed: true});
	status = interrupted.signal.aborted ? exitStatus.interrupted : (status === exitStatus.done ? down : status);
}

process.exitCode = status;
