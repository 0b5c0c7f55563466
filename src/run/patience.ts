import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import {ProgramError} from './program.ts';

/** How long something that does no harm twice is tried again, in milliseconds: an API server that restarts is back by then. */
export const patience = 120_000;
const longestPause = 10_000;

/** Answers that a second try may change: none at all, and those by which the API server asks for one. */
const mayPass = ({stderr, exitCode}: ProgramError): boolean => {
	const reason = /Error from server \((?<reason>\w+)\)/v.exec(stderr)?.groups?.reason;
	return exitCode === 127 ? stderr === '' : reason === undefined || ['ServiceUnavailable', 'InternalError', 'TooManyRequests', 'Timeout', 'ServerTimeout'].includes(reason);
};

/** Words by which kubectl says that the API server, or what stands between, could not answer just now. */
const passing = [
	/Unable to connect to the server/v,
	/The connection to the server \S+ was refused/v,
	/connection (?:refused|reset by peer)/v,
	/i\/o timeout|TLS handshake timeout|unexpected EOF|context deadline exceeded/v,
	/Error from server \((?:ServiceUnavailable|InternalError|TooManyRequests|Timeout|ServerTimeout|Conflict)\)/v,
	/etcdserver: /v,
];

/** Whether a program's words on stderr tell of something that may be over soon. */
export const isPassing = (stderr: string): boolean => passing.some(words => words.test(stderr));

/** Milliseconds before the next try, after so many failed ones. */
export const pauseAfter = (tries: number): number => Math.min(1000 * (2 ** (tries - 1)), longestPause);

export type Patience = {
	/** Told of each failed try. */
	say: (text: string) => void;
	/** Ends the pauses early; the last failure is thrown then. */
	signal?: AbortSignal | undefined;
	/** Milliseconds. */
	limit?: number;
};

/**
Tries again, in longer and longer pauses, what the API server cannot answer just now. Only for what may be done twice.
@throws ProgramError, the last one, when it is over or no other try can help; whatever else `work` throws, at once.
*/
export const patiently = async <Result>(work: () => Promise<Result>, {say, signal, limit = patience}: Patience): Promise<Result> => {
	const began = performance.now();
	for (let attempt = 1; ; attempt++) {
		try {
			return await work();
		} catch (error) {
			const isOver = signal?.aborted === true || performance.now() - began >= limit;
			if (isOver || !(error instanceof ProgramError) || !mayPass(error)) {
				throw error;
			}

			say(`    … try ${attempt}: ${error.message.split('\n').slice(0, 3).map(line => line.trim()).join(' · ')}`);
			await sleep(pauseAfter(attempt), undefined, {...(signal && {signal})}).catch(() => undefined);
		}
	}
};
