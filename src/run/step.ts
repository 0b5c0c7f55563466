import {availableParallelism} from 'node:os';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {allHold} from '../plan/judge.ts';
import type {Line, Step} from '../plan/types.ts';
import {observeFolder} from '../observe/folder.ts';
import {shell} from '../render/shell.ts';
import type {RunContext} from './context.ts';
import {Stopped, exitStatus, failed} from './errors.ts';
import {runLine} from './line.ts';
import {untilDone} from './until-done.ts';
import {
	isPassing,
	patience,
	patiently,
	pauseAfter,
} from './patience.ts';
import {commit, discard, stage} from './staging.ts';

/** Limits of one line, in milliseconds: every program that the plan names answers in seconds, but deleting pods waits for them. */
const lineTimeout = {'at once': 120_000, 'while it progresses': 300_000} as const;

const words = (text: string): string[] => text.trim() === '' ? [] : text.trim().split('\n').map(line => `  ${line}`);

/** A line that failed on the way. */
class LineFailed extends Stopped {
	/** The API server could not answer just now. */
	isPassing: boolean;

	constructor(mayPass: boolean, message: string, hints: string[]) {
		super(exitStatus.failed, message, hints);
		this.isPassing = mayPass;
	}
}

type Surroundings = {
	cwd: string;
	env?: Record<string, string>;
	/** Aborted when what the step is for has come: no line of it is needed any more. */
	until?: AbortSignal | undefined;
};

const runOne = async (context: RunContext, step: Step, line: Line, {cwd, env = {}, until}: Surroundings): Promise<void> => {
	const text = shell(line);
	const mark = line.changes === 'nothing' ? '    $ ' : '    ! ';
	context.say(text.replaceAll(/^/gmv, () => mark));
	const redact = await context.redact();
	const result = await runLine(text, {
		cwd, env: {...context.access.env, ...context.variables, ...env}, timeout: lineTimeout[step.limit], until, redact,
	});
	await context.journal('command', {step: step.id, command: redact(text), status: result.status});
	if (result.stdout.trim() !== '') {
		context.say(words(result.stdout).map(word => `    ${word}`).join('\n'));
	}

	if (result.ok) {
		return;
	}

	if (until?.aborted) {
		context.say('    ended by this run: what the command waits for has come; before 1.36, kubectl may wait on for pods that it deleted (kubernetes/kubernetes#135562)');
		return;
	}

	const ended = result.ended === undefined ? '' : ` (${result.ended})`;
	throw new LineFailed(result.ended === undefined && isPassing(result.stderr), [
		`${step.title}: failed with status ${result.status}${ended}`,
		text,
		...words(result.stderr),
	].join('\n'), [`then go on: ${context.goOn}`]);
};

/** Programs side by side share the cores: a Go program that counts on all of them gets in its neighbours' way. Whoever sets GOMAXPROCS means it. */
const coresEach = (lines: number): Record<string, string> => {
	const cores = Math.max(1, Math.floor(availableParallelism() / lines));
	return process.env.GOMAXPROCS === undefined ? {GOMAXPROCS: String(cores)} : {};
};

/** Runs lines that may go side by side together, the others one after the other. What is printed keeps their order. */
const runAll = async (context: RunContext, step: Step, {cwd, until}: Surroundings): Promise<void> => {
	context.looks.writing();
	if (step.independent) {
		const env = coresEach(step.lines.length);
		const results = await Promise.allSettled(step.lines.map(async line => runOne(context, step, line, {cwd, env, until})));
		const failure = results.find(result => result.status === 'rejected');
		if (failure) {
			throw failure.reason as Error;
		}

		return;
	}

	for (const line of step.lines) {
		if (until?.aborted) {
			return;
		}

		await runOne(context, step, line, {cwd, until});
	}
};

/**
Runs lines that write to the cluster. While the API server cannot answer, they are run again: each writes the same again, and what was
written although its answer was lost is seen first. Not lines that take their time, such as one that deletes pods.
*/
const runOnCluster = async (context: RunContext, step: Step): Promise<void> => {
	const began = performance.now();
	for (let attempt = 1; ; attempt++) {
		context.checkProbe?.(step.title);
		try {
			await untilDone(context, step, async until => runAll(context, step, {cwd: context.folder, until}));
			return;
		} catch (error) {
			const isOver = context.signal.aborted || performance.now() - began >= patience || step.limit !== 'at once';
			if (isOver || !(error instanceof LineFailed && error.isPassing)) {
				throw error;
			}

			context.say(`    … try ${attempt}: ${error.message.split('\n').slice(2, 4).map(line => line.trim()).join(' · ')}`);
			await sleep(pauseAfter(attempt), undefined, {signal: context.signal}).catch(() => undefined);
			const seen = await patiently(context.looks.observe, context);
			if (allHold([...step.done, ...step.skip], seen).holds) {
				return;
			}
		}
	}
};

/** A backup writes beside the folder's files, under its own temporary name: it needs no staging. */
const isBackup = (step: Step): boolean => step.id === 'prepare.backup';

/**
Sees whether what a step's lines made is what the step is for.
@throws Stopped when it is not.
*/
const judgeMade = async (context: RunContext, step: Step, staging: string): Promise<void> => {
	// Of the cluster nothing was written: what was seen before the lines is judged beside what they made.
	const seen = context.looks.latest();
	const observation = {...seen, folder: {...await observeFolder(staging), backups: seen.folder.backups}};
	const judgement = allHold(step.done, observation);
	if (!judgement.holds) {
		throw failed([
			`${step.title}: the result is not what it must be, nothing was taken over`,
			...judgement.reasons.map(reason => `  ${reason}`),
		].join('\n'), `put right what is named, then go on: ${context.goOn}`);
	}
};

/**
Runs a step's lines. Lines that change the folder run in a staging folder; what they made is judged there, by the step's `done`,
before it is moved into place.
*/
export const runLines = async (context: RunContext, step: Step): Promise<void> => {
	if (isBackup(step) || step.lines.every(line => line.changes !== 'files')) {
		await (isBackup(step) ? runAll(context, step, {cwd: context.folder}) : runOnCluster(context, step));
		return;
	}

	const staging = await stage(context.folder);
	try {
		await runAll(context, step, {cwd: staging});
		if (step.done.length > 0) {
			await judgeMade(context, step, staging);
		}

		await commit(context.folder, staging);
	} finally {
		await discard(staging);
	}
};
