import {closeSync, mkdirSync, openSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';

/** The environment variable that marks a process, and all that it starts, as belonging to a sandbox. */
const marker = 'TIDB_CERT_ROTATE_SANDBOX';

export type ProcessToStart = {
	/** Absolute path of the state folder. */
	state: string;
	/** Names the log, if `log` does not. */
	name: string;
	file: string;
	args: readonly string[];
	env?: Record<string, string>;
	cwd?: string;
	/** Absolute path; default `logs/<name>.log` in the state folder. */
	log?: string;
};

export type RunningProcess = {
	pid: number;
	/** When it started, in clock ticks since boot: with the pid it names a process for good. */
	startTicks: number;
	/** The command line, its words joined by spaces. */
	command: string;
};

/**
Starts a process in a session of its own that outlives us; its output is appended to the log.

@returns its process id.
@throws if the program cannot be started.
*/
export const startProcess = ({state, name, file, args, env = {}, cwd = state, log = path.join(state, 'logs', `${name}.log`)}: ProcessToStart): number => {
	mkdirSync(path.dirname(log), {recursive: true});
	// The declared type knows the numbers up to 9 only.
	const output = openSync(log, 'a', 0o600) as 9;
	try {
		const child = execa(file, [...args], {
			detached: true, cleanup: false, reject: false, buffer: false, cwd, env: {...env, [marker]: state}, stdin: 'ignore', stdout: output, stderr: output,
		});
		child.nodeChildProcess.unref();
		if (child.pid === undefined) {
			throw new Error(`cannot start ${name}: ${file}`);
		}

		return child.pid;
	} finally {
		closeSync(output);
	}
};

/**
The start time of a process, in clock ticks since boot, from /proc; undefined when there is no such process, or only its remains (a zombie).
*/
export const startTicksOf = async (pid: number): Promise<number | undefined> => {
	try {
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
		// The second field, the program's name in brackets, may itself hold spaces and brackets.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return fields[0] === 'Z' ? undefined : Number(fields[19]);
	} catch {
		return undefined;
	}
};

const look = async (pid: number, state: string): Promise<RunningProcess | undefined> => {
	try {
		const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
		if (!environment.split('\0').includes(`${marker}=${state}`)) {
			return undefined;
		}

		const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
		const startTicks = await startTicksOf(pid);
		return startTicks === undefined ? undefined : {pid, startTicks, command: command.replaceAll('\0', ' ').trim()};
	} catch {
		// It ended meanwhile, or is another user's.
		return undefined;
	}
};

/** All processes that carry the marker of this state folder, but for this process itself. */
export const listProcesses = async (state: string): Promise<RunningProcess[]> => {
	const names = await readdir('/proc');
	const pids = names.filter(name => /^\d+$/v.test(name)).map(Number).filter(pid => pid !== process.pid);
	const found = await Promise.all(pids.map(async pid => look(pid, state)));
	return found.filter(one => one !== undefined);
};

const signal = (pid: number, name: 'SIGTERM' | 'SIGKILL'): void => {
	try {
		process.kill(pid, name);
	} catch {
		// It ended meanwhile.
	}
};

const idOf = ({pid, startTicks}: RunningProcess): string => `${pid}:${startTicks}`;

/**
Ends all processes of this state folder: SIGTERM, and SIGKILL for what is still there after the wait (milliseconds). The list is read again
until it stays empty, since a process may start another one while it is being ended, and one that is just being started shows no environment.

@returns how many processes were ended.
*/
export const endProcesses = async (state: string, wait = 3000): Promise<number> => {
	const asked = new Set<string>();
	const killAt = Date.now() + wait;
	let empty = 0;

	while (empty < 3) {
		const running = await listProcesses(state);
		const isLate = Date.now() >= killAt;
		const due = isLate ? running : running.filter(one => !asked.has(idOf(one)));
		for (const one of due) {
			signal(one.pid, isLate ? 'SIGKILL' : 'SIGTERM');
			asked.add(idOf(one));
		}

		empty = running.length === 0 ? empty + 1 : 0;
		await sleep(50);
	}

	return asked.size;
};
