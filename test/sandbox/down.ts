import {rm} from 'node:fs/promises';
import {withSandboxLock} from './lock.ts';
import {endProcesses} from './processes.ts';
import {statePaths} from './state.ts';

type Options = {
	/** Leave the folder, for a look at its logs. */
	keep?: boolean;
};

/** As `down`, for who has the sandbox's lock already. */
export const endSandbox = async (state: string, {keep = false}: Options = {}): Promise<number> => {
	// First, so that nobody takes what is being ended for a sandbox that runs.
	await rm(statePaths(state).ready, {force: true});
	const ended = await endProcesses(state);
	if (!keep) {
		await rm(state, {recursive: true, force: true});
	}

	return ended;
};

/**
Ends the processes of a sandbox, and only those, and removes its state folder. It also does so for one whose start was killed; for one that is
being started it waits. `state` is the absolute path of its state folder; `tell` takes lines of progress.

@returns how many processes were ended.
*/
export const down = async (state: string, options: Options = {}, tell: (line: string) => void = () => undefined): Promise<number> =>
	withSandboxLock(state, async () => endSandbox(state, options), tell);
