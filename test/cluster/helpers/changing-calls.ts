import path from 'node:path';
import type {Command, Plan, Word} from '../../../src/plan/types.ts';
import {type Call, programs} from './call-recorder.ts';

/** The cluster folder, or the folder beside its files in which a step is prepared. */
const isWorkplace = (folder: string, cwd: string): boolean => cwd === folder || /^\.(?:staging-[^\/]+|commit)$/v.test(path.relative(folder, cwd));

const isInside = (folder: string, file: string): boolean => file === folder || file.startsWith(`${folder}/`);

/** What is "created" and changes nothing: the answer to a question about rights. And the Lease, which is the run's own. */
const apart = new Set(['List', 'SelfSubjectAccessReview', 'Lease']);

const changing = new Set(['apply', 'create', 'delete', 'patch', 'replace', 'annotate', 'label', 'edit']);

/** A line's change of an object on its way through a pipe. Where a condition only looks into a file, the option is written out. */
const isOnTheWay = (args: string[]): boolean => args.includes('--dry-run=client') || (args.includes('--local') && args.includes('-f'));

/** Whether the call changes the cluster: what only asks the server is left out. */
const changesCluster = ({program, args, kinds}: Call): boolean => program === 'kubectl'
	&& changing.has(args[0]!)
	&& args.every(word => !word.startsWith('--dry-run') && word !== '--local')
	&& !(kinds.length > 0 && kinds.every(kind => apart.has(kind)));

/** Whether the call changes the cluster folder, or is the beginning of a line that does. */
const changesFolder = (folder: string, {program, args, folder: cwd, output}: Call): boolean => {
	if (!isWorkplace(folder, cwd) || args.some(word => path.isAbsolute(word) && !isInside(folder, word))) {
		return false;
	}

	const isWritten = isInside(folder, output);
	return program === 'kubectl' ? isWritten || isOnTheWay(args) : program !== 'cat' || isWritten;
};

/** The call as a line, without what differs from one run to the next: times, hashes of certificates, the staging folder's name. */
const textOf = (folder: string, {program, args, folder: cwd, output}: Call): string => {
	const target = isInside(folder, output) ? [`> ${path.relative(cwd, output)}`] : [];
	return [program, ...args, ...target].join(' ')
		.replaceAll(/\d{8}T\d{6}Z/gv, '<time>')
		.replace(/(?<="tidb\.pingcap\.com\/restartedAt":")[^"]+/v, '<time>')
		.replace(/(?<="tidb-cert-rotate\/material":")[\da-f]{16}(?=")/v, '<material>')
		.replace(/(?<="ca\.crt":")[^"]+(?=")/v, '<bundle>');
};

/** The recorded calls that change something, in their order: throwaway folders and what only reads are left out. */
export const changingCalls = (folder: string, calls: Call[]): string[] =>
	calls.filter(call => changesCluster(call) || changesFolder(folder, call)).map(call => textOf(folder, call));

/** Whether the call of a stage is among those that change something, by what changesCluster and changesFolder make of it. */
const isChanging = ({stages, stdout}: Command, words: readonly Word[]): boolean => {
	const [program = '', verb = ''] = words.map(word => typeof word === 'string' ? word : '');
	const isWritten = stdout !== undefined && words === stages.at(-1);
	if (program === 'kubectl') {
		return isWritten || changing.has(verb);
	}

	return program === 'cat' ? isWritten : (programs as readonly string[]).includes(program);
};

/** How many programs of a plan may be called in any order, group after group: those of one pipe, and of lines that do not depend on each other. */
const groupSizes = ({steps}: Plan): number[] => steps.flatMap(({lines, independent}) => {
	const sizes = lines.flatMap(({commands}) => commands.map(command => command.stages.filter(words => isChanging(command, words)).length));
	return independent ? [sizes.reduce((sum, size) => sum + size, 0)] : sizes;
});

/** The calls in the groups of the plan, sorted where their order is free. Calls that the plan has not are the last group. */
export const inGroups = (plan: Plan, calls: string[]): string[][] => {
	let at = 0;
	const groups: string[][] = [];
	for (const size of [...groupSizes(plan), Infinity]) {
		groups.push(calls.slice(at, at + size).toSorted());
		at += size;
	}

	return groups;
};

/** How many programs that change something a plan starts. */
export const plannedCalls = (plan: Plan): number => groupSizes(plan).reduce((sum, size) => sum + size, 0);
