import {setTimeout as sleep} from 'node:timers/promises';
import type {Step} from '../plan/types.ts';
import type {RunContext} from './context.ts';
import {lookForDone} from './wait.ts';

/** Milliseconds: lines that end by themselves have mostly done so before the first look, and none of them is held up by it. */
const pollInterval = 5000;

/**
Runs a step's lines, and says when they are not needed any more. Kubectl before 1.36 may wait for ever for the end of a pod whose successor
is there already (kubernetes/kubernetes#135562, by which the documents' `kubectl delete pod` is caught); what the step is for is seen here all the same.

@param context the run
@param step whose lines they are; where they may take their time
@param work what runs the lines; its signal is aborted when `done` holds
@throws what `work` throws, and what a look throws.
*/
export const untilDone = async (context: RunContext, step: Step, work: (until?: AbortSignal) => Promise<void>): Promise<void> => {
	if (step.limit === 'at once') {
		await work();
		return;
	}

	const done = new AbortController();
	const ended = new AbortController();
	const isDone = async (): Promise<boolean> => {
		const {judgement} = await lookForDone(context, step);
		return judgement.holds;
	};

	const watch = async (): Promise<void> => {
		do {
			await sleep(pollInterval, undefined, {signal: ended.signal}).catch(() => undefined);
		} while (!ended.signal.aborted && !(await isDone()));

		done.abort();
	};

	const run = async (): Promise<void> => {
		try {
			await work(done.signal);
		} finally {
			ended.abort();
		}
	};

	await Promise.all([run(), watch()]);
};
