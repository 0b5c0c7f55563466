import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import {spellDuration} from '../cluster/duration.ts';
import type {Observation} from '../observe/types.ts';
import {wobbles} from '../plan/wobble.ts';
import type {RunContext} from './context.ts';
import {Stopped, exitStatus, failed} from './errors.ts';
import {ProgramError} from './program.ts';

const longestPause = 5000;

/** An API server that is away tells nothing: what the cluster did meanwhile is seen at the next look. */
const look = async ({looks, say}: RunContext): Promise<Observation | undefined> => {
	try {
		return await looks.observe();
	} catch (error) {
		if (!(error instanceof ProgramError)) {
			throw error;
		}

		say(`    … the cluster cannot be asked: ${error.message.split('\n', 1)[0]}`);
		return undefined;
	}
};

/**
Waits until the cluster has been stable for so many milliseconds, as long as we looked. Any wobble starts the time anew and is named.
@throws Stopped when it is not well for as long as the run's timeout, or when the run is interrupted.
*/
export const soak = async (context: RunContext, time: number): Promise<void> => {
	const {say, signal, timeout, goOn, checkProbe} = context;
	say(`  Wait until the cluster has been stable for ${spellDuration(time)}`);
	const began = performance.now();
	let before: Observation | undefined;
	let since = began;
	let well = began;
	let said = '';
	for (;;) {
		if (signal.aborted) {
			throw new Stopped(exitStatus.interrupted, 'interrupted while waiting for the cluster to be stable; the time begins anew', [`go on: ${goOn}`]);
		}

		checkProbe?.('waiting until the cluster is stable');
		const now = await look(context);
		const found = now ? wobbles(before, now) : [];
		const at = performance.now();
		if (found.length > 0) {
			since = at;
		} else if (now) {
			well = at;
		}

		if (now && at - since >= time) {
			return;
		}

		if (at - well >= timeout) {
			throw failed([`the cluster was not stable for ${spellDuration(timeout)}`, ...found.map(text => `  ${text}`)].join('\n'), `when the cause is gone, go on: ${goOn}`);
		}

		const text = found.join('; ');
		if (text !== said && found.length > 0) {
			say(`    … ${text}: the time begins anew`);
		}

		said = text;
		before = now ?? before;
		await sleep(Math.min(longestPause, time / 4), undefined, {signal}).catch(() => undefined);
	}
};
