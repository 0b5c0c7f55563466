import {readdirSync, readFileSync} from 'node:fs';

const interval = 40;

/** Collects what everybody on the machine can read of the processes that are started from now on. */
export type ProcessWatch = {
	/** Ends it. Gives the arguments and the environments that were seen, one a line, and of how many processes. */
	stop: () => {text: string; processes: number};
};

const numbers = (): Set<string> => new Set(readdirSync('/proc').filter(name => /^\d+$/v.test(name)));

/** Reads /proc some 25 times a second; a process that lives for less may be missed. */
export const watchProcesses = (): ProcessWatch => {
	const texts = new Set<string>();
	const seen = new Set<string>();
	let older = numbers();
	const look = () => {
		const now = numbers();
		// A number is used again at some time.
		older = older.intersection(now);
		for (const pid of now.difference(older)) {
			try {
				const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
				texts.add(words);
				texts.add(readFileSync(`/proc/${pid}/environ`, 'utf8'));
				seen.add(`${pid} ${words}`);
			} catch {
				// It ended meanwhile.
			}
		}
	};

	const timer = setInterval(look, interval);
	return {
		stop() {
			clearInterval(timer);
			return {text: [...texts].join('\n').replaceAll('\0', ' '), processes: seen.size};
		},
	};
};

/** The command lines of the processes that have this variable, `NAME=value`, in their environment: whoever was started with it, and all that those started. */
export const processesWith = (variable: string): string[] => readdirSync('/proc').filter(name => /^\d+$/v.test(name)).flatMap(pid => {
	try {
		const isOne = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable);
		return isOne ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()] : [];
	} catch {
		// It ended meanwhile, or is somebody else's.
		return [];
	}
});
