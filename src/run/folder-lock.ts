import {readFileSync, rmSync} from 'node:fs';
import {utimes} from 'node:fs/promises';
import process from 'node:process';
import {sideWords} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import {failed} from './errors.ts';
import {lockFile, readLock} from './lock-file.ts';
import {recover} from './staging.ts';
import {takeFolder} from './take-folder.ts';
import {checkWritable} from './writable.ts';

const beatEvery = 10_000;

/** Folders that this process holds, with the texts of their locks. */
const ours = new Map<string, string>();

/** Synchronous: a run that ends at once leaves nothing behind either. */
const removeOwn = (folder: string): void => {
	try {
		if (readFileSync(lockFile(folder), 'utf8') === ours.get(folder)) {
			rmSync(lockFile(folder));
		}
	} catch {
		// The next run sees that this process is gone.
	}

	ours.delete(folder);
};

const removeAll = (): void => {
	for (const folder of ours.keys()) {
		removeOwn(folder);
	}
};

/** Whether the folder is still ours alone; a folder that this process never took is not asked about. */
const isOurs = async (folder: string): Promise<boolean> => {
	const seen = ours.has(folder) ? await readLock(lockFile(folder)) : undefined;
	return seen?.text === ours.get(folder);
};

/**
Sees that a folder that this run took has not been taken by another since, as after a long sleep of the machine.
@throws Stopped (failed) when it was.
*/
export const proveFolder = async (folder: string): Promise<void> => {
	if (!await isOurs(folder)) {
		throw failed(`the lock of ${folder} is no longer this run's: it ends before its next write`, 'see who works in this folder, then run this again');
	}
};

/** For whoever looks from another machine. */
const touch = async (folder: string): Promise<void> => {
	try {
		const now = new Date();
		await (await isOurs(folder) && utimes(lockFile(folder), now, now));
	} catch {
		// Whoever writes sees whether it is still ours.
	}
};

/**
Does something in a cluster folder that no other run may work in meanwhile, whatever cluster that is for. What an earlier run
left in the middle is put right first. `what` says in words what is done: `rotating basic in namespace tidb`.
@throws Stopped (refused) when another run is at work there, naming it, or when the folder cannot be written; and what `work` throws.
*/
export const inFolder = async <Result>(folder: string, what: string, work: () => Promise<Result>): Promise<Result> => {
	if (!process.listeners('exit').includes(removeAll)) {
		process.on('exit', removeAll);
	}

	ours.set(folder, await takeFolder(folder, what));
	const beat = setInterval(() => {
		void touch(folder);
	}, beatEvery);
	try {
		await checkWritable(folder);
		await recover(folder);
		return await work();
	} finally {
		clearInterval(beat);
		removeOwn(folder);
	}
};

/** The same in the folders of several clusters at once; `what` is done to each of them: `the rotation`. */
export const inFolders = async (places: Array<{folder: string; cluster: Cluster}>, what: string, work: () => Promise<void>): Promise<void> => {
	const [first, ...rest] = places;
	await (first ? inFolder(first.folder, `${what} of ${sideWords(first.cluster)}`, async () => inFolders(rest, what, work)) : work());
};
