import {mkdir, symlink} from 'node:fs/promises';
import path from 'node:path';
import type {Access} from '../observe/cluster.ts';
import {observeFolder} from '../observe/folder.ts';
import type {FolderFacts, Observation} from '../observe/types.ts';
import {allHold} from '../plan/judge.ts';
import type {Plan, Step} from '../plan/types.ts';
import {openAside} from './aside.ts';
import {
	type Answer,
	copyFiles,
	openQuestions,
	type Questions,
} from './ask-server.ts';
import {tryLine} from './try-line.ts';

export type Rehearsal = {
	/** What went wrong, in words. */
	problems: string[];
	/** The folder as the plan would leave it; its certificates are examples: the real run makes others. */
	folder: FolderFacts;
	/** The same after each step that changes it, by the step's place in the plan. */
	folders: ReadonlyMap<number, FolderFacts>;
	/** What the API server said to each write. */
	answers: Answer[];
};

type Stage = {access: Access; plan: Plan; observation: Observation; folder: string; root: string; questions: Questions; folders: Map<number, FolderFacts>};

/**
Steps that make files of the cluster folder and can be done elsewhere. Putting the folder in order at the very end is not one:
what is looked at afterwards has the old CA beside the new one.
*/
const rehearsable = (step: Step, isLast: boolean): boolean => step.id !== 'prepare.backup' && !(isLast && step.id === 'retire.tidy')
	&& step.lines.length > 0 && step.lines.every(line => line.changes === 'files');

const runLines = async ({access, folder, root}: Stage, {lines, independent}: Step): Promise<string[]> => {
	const trial = {env: access.env, folder, keys: root};
	if (independent) {
		const tried = await Promise.all(lines.map(async line => tryLine(line, trial)));
		return tried.flatMap(({problems}) => problems);
	}

	for (const line of lines) {
		const {problems} = await tryLine(line, trial);
		if (problems.length > 0) {
			return problems;
		}
	}

	return [];
};

const rehearseStep = async (stage: Stage, step: Step, index: number): Promise<string[]> => {
	const problems = await runLines(stage, step);
	if (problems.length > 0) {
		return problems;
	}

	const folder = await observeFolder(stage.folder);
	stage.folders.set(index, folder);
	const judgement = allHold(step.done.filter(condition => condition.is !== 'renewed'), {...stage.observation, folder});
	return judgement.reasons.map(reason => `${step.title}: ${reason}`);
};

/** Makes the plan's files and asks the server about its writes, in the plan's order, up to the first step that fails. */
const rehearseSteps = async (stage: Stage): Promise<string[]> => {
	const {steps, from} = stage.plan;
	for (const [index, step] of steps.entries()) {
		if (index < from) {
			continue;
		}

		await stage.questions.put(step);
		const problems = rehearsable(step, index === steps.length - 1) ? await rehearseStep(stage, step, index) : [];
		if (problems.length > 0) {
			return problems;
		}
	}

	return [];
};

/**
Does what the plan would do to the folder in a throwaway folder, with the real cfssl, and asks the server about each write to a
Secret: a broken request, an unknown profile or a refusing admission shows before anything is changed. `look` is asked about the
folder that came of it, and gives its problems in words.
*/
export const rehearse = async ({access, plan, observation}: {access: Access; plan: Plan; observation: Observation}, look: (folder: FolderFacts) => Promise<string[]>): Promise<Rehearsal> => {
	// It has copies of the keys.
	const {folder: root, close} = openAside('rehearsal');
	const folder = path.join(root, 'folder');
	const questions = openQuestions({env: access.env, folder, root});
	const folders = new Map<number, FolderFacts>();
	try {
		await mkdir(folder, {mode: 0o700});
		if (observation.folder.exists) {
			await copyFiles(observation.folder.path, folder);
			// Lines of a rollback read the backups.
			await symlink(path.join(path.resolve(observation.folder.path), 'backups'), path.join(folder, 'backups'));
		}

		const failures = await rehearseSteps({
			access, plan, observation, folder, root, questions, folders,
		});
		const {problems, answers} = await questions.all();
		if (failures.length > 0) {
			return {
				problems: [...failures, ...problems], folder: observation.folder, folders, answers,
			};
		}

		const result = await observeFolder(folder);
		return {
			problems: [...problems, ...await look(result)], folder: result, folders, answers,
		};
	} finally {
		// What still runs in the folder would write to it.
		await questions.all().catch(() => undefined);
		close();
	}
};
