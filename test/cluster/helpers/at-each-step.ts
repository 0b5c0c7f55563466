import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {pathToFileURL} from 'node:url';
import {call, type Ended, type Place} from './place.ts';

/** Milliseconds for a rotation that is held at each of its steps. */
const timeout = 900_000;

const preload = pathToFileURL(path.join(import.meta.dirname, 'hold-at-steps.ts')).href;

/** Rotates, without a question; just before each step that the run begins, it is held until `work` has ended. */
export const atEachStep = async (place: Place, args: string[], work: (step: string) => Promise<void>): Promise<Ended> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'steps-'));
	const running = call('rotate', place, ['--cluster', place.cluster, '--yes', ...args], {
		timeout, env: {STEPS_FOLDER: folder, NODE_OPTIONS: `--import=${preload}`},
	});
	const over = new AbortController();
	const ended = (async () => {
		const how = await running;
		over.abort();
		return how;
	})();
	try {
		while (!over.signal.aborted) {
			for (const file of await readdir(folder)) {
				await work(path.basename(file, '.at'));
				await rm(path.join(folder, file));
			}

			await sleep(50);
		}

		return await ended;
	} finally {
		// A run that is held must not wait for somebody who has gone.
		await rm(folder, {recursive: true, force: true});
		await ended;
	}
};
