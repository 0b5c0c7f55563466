import {copyFile, mkdtemp, readdir} from 'node:fs/promises';
import path from 'node:path';
import {asQuestion} from '../plan/question.ts';
import type {Line, Step} from '../plan/types.ts';
import {shell} from '../render/shell.ts';
import {tryLine} from './try-line.ts';

/** What the API server, with its admission, says to one write that the plan would make. */
export type Answer = {step: string; command: string; answer: string; warnings: string[]};

type Answers = {
	/** What it would refuse, in words. */
	problems: string[];
	answers: Answer[];
};

/** Copies the files of a folder, not the folders in it. */
export const copyFiles = async (source: string, target: string): Promise<void> => {
	const entries = await readdir(source, {withFileTypes: true});
	await Promise.all(entries.filter(entry => entry.isFile()).map(async ({name}) => copyFile(path.join(source, name), path.join(target, name))));
};

export type Questions = {
	/** Asks about the writes of a step, with the files as they are now. It comes back once they are copied: the folder may change then. */
	put: (step: Step) => Promise<void>;
	/** All answers, in the order of the plan. */
	all: () => Promise<Answers>;
};

const questionsOf = ({lines}: Step): Line[] => lines.flatMap(line => asQuestion(line) ?? []);

/**
Asks the API server whether it would take the plan's writes; it changes nothing. The writes of one step are asked side by side,
the steps one after the other, while the plan's files go on being made. After a refusal no more is asked: it would say the same.
The plan's files are made in `folder`; `root` is the throwaway folder around it.
*/
export const openQuestions = ({env, folder, root}: {env: Record<string, string>; folder: string; root: string}): Questions => {
	let asked: Promise<Answers> = Promise.resolve({problems: [], answers: []});
	const ask = async (earlier: Promise<Answers>, step: Step, copy: string): Promise<Answers> => {
		const {problems, answers} = await earlier;
		if (problems.length > 0) {
			return {problems, answers};
		}

		const tried = await Promise.all(questionsOf(step).map(async line => ({command: shell(line), ...await tryLine(line, {env, folder: copy, keys: root})})));
		return {
			problems: tried.flatMap(one => one.problems),
			answers: [...answers, ...tried.map(({command, answer, warnings}) => ({
				step: step.id, command, answer, warnings,
			}))],
		};
	};

	return {
		async put(step) {
			if (questionsOf(step).length === 0) {
				return;
			}

			// Only its owner may read it.
			const copy = await mkdtemp(path.join(root, `${step.id}-`));
			await copyFiles(folder, copy);
			asked = ask(asked, step, copy);
			// Whoever waits for all of them hears of it.
			asked.catch(() => undefined);
		},
		all: async () => asked,
	};
};
