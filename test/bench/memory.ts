import {readdirSync, readFileSync} from 'node:fs';
import {setInterval as every} from 'node:timers/promises';

/** Milliseconds. The peak of a process is kept by the system, so that only what it takes on between the last look and its end is missed. */
const interval = 20;

const read = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		// It has ended meanwhile.
		return '';
	}
};

const childrenOf = (pid: number): number[] => {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap(task => read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number));
	} catch {
		return [];
	}
};

/** A process and all that it started. */
const family = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(child => family(child))];

/**
Watches a process and its children until `ended` resolves.
@returns the peak of resident memory, in MiB, of the largest process of each program, by its name.
*/
export const peaks = async (pid: number, ended: Promise<unknown>): Promise<Record<string, number>> => {
	const found: Record<string, number> = {};
	const stop = new AbortController();
	void ended.finally(() => {
		stop.abort();
	});
	try {
		for await (const members of every(interval, () => family(pid), {signal: stop.signal})) {
			for (const one of members()) {
				const status = read(`/proc/${one}/status`);
				const {name, peak} = /^Name:\t(?<name>[^\n]+)\n(?:[^V].*\n|V(?!mHWM).*\n)*VmHWM:\s+(?<peak>\d+)/v.exec(status)?.groups ?? {};
				if (name !== undefined) {
					found[name] = Math.max(found[name] ?? 0, Math.round(Number(peak) / 1024));
				}
			}
		}
	} catch {
		// Aborted: it has ended.
	}

	return found;
};
