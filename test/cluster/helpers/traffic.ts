import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import type {Report} from '../../traffic/counter.ts';
import {root, type TestSandbox} from './sandbox.ts';

export type Traffic = {
	/**
	Ends the traffic, and gives the counts.

	@throws execa's error when the counter failed.
	*/
	stop: () => Promise<Report>;
};

/**
Starts the traffic counter as a program of its own, with so many connections a second, and waits until it has begun. Asked to stop, it goes on
to at least `least`.
*/
export const startTraffic = async ({state}: TestSandbox, rate: number, least = 0): Promise<Traffic> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'traffic-'));
	const out = path.join(folder, 'counts.json');
	const counter = execa(process.execPath, ['test/traffic/main.ts', '--state', state, '--rate', String(rate), '--least', String(least), '--out', out], {
		cwd: root,
		stdin: 'ignore',
		// It may go on for a while when it is asked to end.
		forceKillAfterDelay: false,
	});
	// What is counted must not begin without it. A failure shows at the end.
	await Promise.race([once(counter.stderr, 'data'), counter.catch(() => undefined)]);
	return {
		async stop() {
			try {
				counter.kill('SIGTERM');
				await counter;
				return JSON.parse(await readFile(out, 'utf8')) as Report;
			} finally {
				await rm(folder, {recursive: true, force: true});
			}
		},
	};
};
