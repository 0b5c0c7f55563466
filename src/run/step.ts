import {allHold} from '../plan/judge.ts';
import type {Line, Step} from '../plan/types.ts';
import {observeFolder} from '../observe/folder.ts';
import {shell} from '../render/shell.ts';
import type {RunContext} from './context.ts';
import {failed} from './errors.ts';
import {runLine} from './line.ts';
import {commit, discard, stage} from './staging.ts';

/** One line's limit. Every program that the plan names answers in seconds; deleting pods waits for them. */
const lineTimeout = 300_000;

const words = (text: string): string[] => text.trim() === '' ? [] : text.trim().split('\n').map(line => `  ${line}`);

const runOne = async (context: RunContext, step: Step, line: Line, cwd: string): Promise<void> => {
	const text = shell(line);
	const mark = line.changes === 'nothing' ? '    $ ' : '    ! ';
	context.say(text.replaceAll(/^/gmv, () => mark));
	const result = await runLine(text, {
		cwd, env: {...context.access.env, ...context.variables}, timeout: lineTimeout, redact: await context.redact(),
	});
	if (result.stdout.trim() !== '') {
		context.say(words(result.stdout).map(word => `    ${word}`).join('\n'));
	}

	if (result.ok) {
		return;
	}

	const ended = result.ended === undefined ? '' : ` (${result.ended})`;
	throw failed([
		`${step.title}: failed with status ${result.status}${ended}`,
		text,
		...words(result.stderr),
	].join('\n'), `then go on: ${context.goOn}`);
};

/** Runs lines that may go side by side together, the others one after the other. What is printed keeps their order. */
const runAll = async (context: RunContext, step: Step, cwd: string): Promise<void> => {
	if (step.independent) {
		const results = await Promise.allSettled(step.lines.map(async line => runOne(context, step, line, cwd)));
		const failure = results.find(result => result.status === 'rejected');
		if (failure) {
			throw failure.reason as Error;
		}

		return;
	}

	for (const line of step.lines) {
		await runOne(context, step, line, cwd);
	}
};

/** A backup writes beside the folder's files, under its own temporary name: it needs no staging. */
const isBackup = (step: Step): boolean => step.id === 'prepare.backup';

/**
Sees whether what a step's lines made is what the step is for.
@throws Stopped when it is not.
*/
const judgeMade = async (context: RunContext, step: Step, staging: string): Promise<void> => {
	const seen = await context.observe();
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
		await runAll(context, step, context.folder);
		return;
	}

	const staging = await stage(context.folder);
	try {
		await runAll(context, step, staging);
		if (step.done.length > 0) {
			await judgeMade(context, step, staging);
		}

		await commit(context.folder, staging);
	} finally {
		await discard(staging);
	}
};
