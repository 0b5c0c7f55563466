import process from 'node:process';
import {exitStatus} from './errors.ts';

const controller = new AbortController();

/* eslint-disable unicorn/no-process-exit -- the one place where a run ends at once */
const endAtOnce = (): void => {
	process.exit(exitStatus.interrupted);
};
/* eslint-enable unicorn/no-process-exit */

/** What a signal does now. */
const on: {signal: () => void} = {signal: endAtOnce};

/** A terminal that closes is a signal too; under nohup, where there is none on stderr, it must stay ignored. */
const signals = (): NodeJS.Signals[] => ['SIGINT', 'SIGTERM', ...(process.stderr.isTTY ? ['SIGHUP'] as const : [])];

/** From now on a signal ends the process with its exit status: nothing was begun yet, and temporary files are removed. */
export const endOnSignals = (): void => {
	for (const signal of signals()) {
		process.on(signal, () => {
			on.signal();
		});
	}
};

/**
Aborted by the first signal, so that the run ends after the current command. A second one ends the process at once;
that, too, can be gone on from.
*/
export const interruptible = (say: (text: string) => void): AbortSignal => {
	on.signal = () => {
		if (controller.signal.aborted) {
			endAtOnce();
		}

		say('interrupted: ending after the current command (again: end at once)');
		controller.abort();
	};

	return controller.signal;
};
