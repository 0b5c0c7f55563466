import {
	copyFile,
	readdir,
} from 'node:fs/promises';
import path from 'node:path';
import type {Access} from '../observe/cluster.ts';
import {observeFolder} from '../observe/folder.ts';
import type {FolderFacts, Observation} from '../observe/types.ts';
import {allHold} from '../plan/judge.ts';
import {tryApply} from '../plan/lines.ts';
import type {Line, Plan, Step} from '../plan/types.ts';
import {shell} from '../render/shell.ts';
import {openAside} from './aside.ts';
import {folderRedactor} from './keys.ts';
import {runLine} from './line.ts';

export type Rehearsal = {
	/** What went wrong, in words. */
	problems: string[];
	/** The folder as the plan would leave it; its certificates are examples: the real run makes others. */
	folder: FolderFacts;
};

type Stage = {access: Access; plan: Plan; observation: Observation; folder: string};

const lineLimit = 60_000;

const run = async ({access, folder}: Stage, line: Line): Promise<string[]> => {
	const text = shell(line);
	const result = await runLine(text, {
		cwd: folder, env: access.env, timeout: lineLimit, redact: await folderRedactor(folder),
	});
	if (result.ok) {
		return [];
	}

	const ended = result.ended === undefined ? '' : `, ${result.ended}`;
	const words = result.stderr.trim().split('\n').map(word => `  ${word}`);
	return [[`this command would fail (status ${result.status}${ended}):`, `  ${text}`, ...words].join('\n')];
};

/** Steps that make files of the cluster folder and can be done elsewhere; putting the folder in order at the end is not one. */
const rehearsable = (step: Step): boolean => step.id !== 'prepare.backup' && step.id !== 'retire.tidy' && step.lines.length > 0 && step.lines.every(line => line.changes === 'files');

const rehearseStep = async (stage: Stage, step: Step): Promise<string[]> => {
	for (const line of step.lines) {
		const problems = await run(stage, line);
		if (problems.length > 0) {
			return problems;
		}
	}

	const folder = await observeFolder(stage.folder);
	const judgement = allHold(step.done.filter(condition => condition.is !== 'renewed'), {...stage.observation, folder});
	return judgement.reasons.map(reason => `${step.title}: ${reason}`);
};

/** Asks the API server, with its admission, whether it would take the Secrets; it changes nothing. */
const askServer = async (stage: Stage): Promise<string[]> => {
	const results = await Promise.all(stage.plan.cluster.components.map(async component => run(stage, tryApply(stage.plan.cluster, component, 'ca.pem'))));
	return results.flat();
};

/**
Does what the plan would do to the folder in a throwaway folder, with the real cfssl, and asks the server about the Secrets: a
broken request, an unknown profile or a refusing admission shows before anything is changed. `look` is asked about the folder
that came of it, and gives its problems in words.
*/
export const rehearse = async ({access, plan, observation}: {access: Access; plan: Plan; observation: Observation}, look: (folder: FolderFacts) => Promise<string[]>): Promise<Rehearsal> => {
	// It has copies of the keys.
	const {folder, close} = openAside('rehearsal');
	const stage: Stage = {
		access, plan, observation, folder,
	};
	try {
		const source = observation.folder.path;
		const entries = observation.folder.exists ? await readdir(source, {withFileTypes: true}) : [];
		await Promise.all(entries.filter(entry => entry.isFile()).map(async entry => copyFile(path.join(source, entry.name), path.join(folder, entry.name))));
		const steps = plan.steps.slice(plan.from).filter(step => rehearsable(step));
		let isAsked = false;
		for (const step of steps) {
			if (step.id === 'reissue.sign') {
				isAsked = true;
				const problems = await askServer(stage);
				if (problems.length > 0) {
					return {problems, folder: observation.folder};
				}
			}

			const problems = await rehearseStep(stage, step);
			if (problems.length > 0) {
				return {problems, folder: observation.folder};
			}
		}

		const result = await observeFolder(folder);
		const problems = [...(isAsked ? [] : await askServer(stage)), ...await look(result)];
		return {problems, folder: result};
	} finally {
		close();
	}
};
