import {existsSync} from 'node:fs';
import {
	copyFile,
	mkdir,
	mkdtemp,
	readFile,
	readdir,
	rename,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';

/** A step's files are complete in this folder and only have to be moved into place. */
const commitFolder = '.commit';
const stagingPrefix = '.staging-';
const removedList = '.removed';

/** Our own notes: no line of a plan reads them, and they go on being written meanwhile. */
const isNote = (name: string): boolean => name.startsWith('.') || name === 'journal.ndjson' || name.startsWith('cluster.yaml');

const filesIn = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, {withFileTypes: true});
	return entries.filter(entry => entry.isFile() && !isNote(entry.name)).map(entry => entry.name);
};

const sameBytes = async (one: string, other: string): Promise<boolean> => {
	const [first, second] = await Promise.all([one, other].map(async file => readFile(file).catch(() => undefined)));
	return first !== undefined && second !== undefined && first.equals(second);
};

/**
A fresh folder beside the files, with a copy of every file that a line may read. cfssljson and `cat >` write in place and not
atomically, so the documents' lines run here, unchanged (design.md 4).
@returns its path; on the same file system as the cluster folder.
*/
export const stage = async (folder: string): Promise<string> => {
	await mkdir(folder, {recursive: true, mode: 0o700});
	const staging = await mkdtemp(path.join(folder, stagingPrefix));
	const files = await filesIn(folder);
	await Promise.all(files.map(async file => copyFile(path.join(folder, file), path.join(staging, file))));
	// Lines of a rollback read the backups.
	await symlink(path.join('..', 'backups'), path.join(staging, 'backups'));
	return staging;
};

/** Moves what a complete commit folder holds into place. Every move is a rename, and doing it again does no harm. */
const rollForward = async (folder: string): Promise<void> => {
	const commit = path.join(folder, commitFolder);
	const removed = await readFile(path.join(commit, removedList), 'utf8').catch(() => '');
	for (const file of await filesIn(commit)) {
		await rename(path.join(commit, file), path.join(folder, file));
	}

	await Promise.all(removed.split('\n').filter(Boolean).map(async file => rm(path.join(folder, file), {force: true})));
	await rm(commit, {recursive: true, force: true});
};

/**
Takes over what the step's lines changed, added and removed in the staging folder: all or nothing, also across a crash. One
rename makes the change decided; the moves after it are done again by `recover` if they are interrupted.
*/
export const commit = async (folder: string, staging: string): Promise<void> => {
	const [before, after] = await Promise.all([filesIn(folder), filesIn(staging)]);
	await Promise.all(after.map(async file => {
		if (await sameBytes(path.join(folder, file), path.join(staging, file))) {
			await rm(path.join(staging, file));
		}
	}));
	await writeFile(path.join(staging, removedList), before.filter(file => !after.includes(file)).map(file => `${file}\n`).join(''));
	await rename(staging, path.join(folder, commitFolder));
	await rollForward(folder);
};

/** Throws a staging folder away. */
export const discard = async (staging: string): Promise<void> => rm(staging, {recursive: true, force: true});

/** Whether an earlier run was interrupted while it moved a decided change into place. */
export const isUnrecovered = (folder: string): boolean => existsSync(path.join(folder, commitFolder));

/** Half-written copies of a run that was killed: a backup, a report, a file that is written aside first, a dead run's lock. */
const isHalf = (name: string): boolean => name.startsWith(stagingPrefix) || /^(?:cluster\.yaml\.|\.lock-)\d+$/v.test(name);

/** What an earlier run left in the middle: a decided change is finished, an undecided one thrown away. */
export const recover = async (folder: string): Promise<void> => {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	if (entries.some(entry => entry.name === commitFolder && entry.isDirectory())) {
		await rollForward(folder);
	}

	const [backups, reports] = [path.join(folder, 'backups'), path.join(folder, 'reports')];
	const [backupNames, reportNames] = await Promise.all([backups, reports].map(async inside => readdir(inside).catch((): string[] => [])));
	const halves = [
		...entries.map(({name}) => name).filter(name => isHalf(name)).map(name => path.join(folder, name)),
		...backupNames!.filter(name => name.endsWith('.part')).map(name => path.join(backups, name)),
		...reportNames!.filter(name => /\.\d+$/v.test(name)).map(name => path.join(reports, name)),
	];
	await Promise.all(halves.map(async half => discard(half)));
};
