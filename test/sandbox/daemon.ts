import {open} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {startProcess, startTicksOf} from './processes.ts';
import {statePaths} from './state.ts';

/** A process of the control plane. */
export type Daemon = {pid: number; startTicks: number | undefined; name: string; log: string};

/** Starts a process of the control plane; its log is `logs/<name>.log`. */
export const startDaemon = async (state: string, {name, file}: {name: string; file: string}, args: string[], env?: Record<string, string>): Promise<Daemon> => {
	const pid = startProcess({
		state, name, file, args, ...(env && {env}),
	});
	return {
		pid, startTicks: await startTicksOf(pid), name, log: path.join(statePaths(state).logs, `${name}.log`),
	};
};

export const isRunning = async ({pid, startTicks}: Daemon): Promise<boolean> => startTicks !== undefined && await startTicksOf(pid) === startTicks;

/** The end of a log, for the message that a process has died. */
export const lastLines = async (log: string): Promise<string> => {
	const file = await open(log);
	try {
		const {size} = await file.stat();
		const from = Math.max(0, size - 2000);
		const {buffer, bytesRead} = await file.read({position: from});
		return buffer.toString('utf8', 0, bytesRead).split('\n').slice(-8).join('\n');
	} finally {
		await file.close();
	}
};

/**
Waits until `isReady` says yes.

@throws Error with the end of its log when a process ended meanwhile, or when it takes more than a minute.
*/
export const waitFor = async (running: Daemon, isReady: () => Promise<boolean>): Promise<void> => {
	const until = Date.now() + 60_000;

	while (!await isReady().catch(() => false)) {
		if (!await isRunning(running)) {
			throw new Error(`${running.name} ended at its start:\n${await lastLines(running.log)}`);
		}

		if (Date.now() > until) {
			throw new Error(`${running.name} is not ready after a minute:\n${await lastLines(running.log)}`);
		}

		await sleep(50);
	}
};
