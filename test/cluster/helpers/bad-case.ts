import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {CallOptions, Place} from './place.ts';

/** What was arranged for a case beyond the change itself. */
export type Arranged = CallOptions & {
	/** Added to the case's arguments. */
	args?: string[];
	/** Puts everything back. It is called whatever happened. */
	undo?: () => Promise<void>;
};

/** One bad input: what is wrong, what is run, and what a person must be told. */
export type BadCase = {
	title: string;
	/** Makes the situation; without it the sandbox is as `up` left it. */
	arrange?: (place: Place) => Promise<Arranged>;
	/** The arguments of `rotate`; `--cluster basic --yes` where they are not given. */
	args?: string[];
	status: 2 | 3;
	/** All of these must be in what was printed. */
	words: RegExp[];
	/** Why the case cannot be had on this machine. */
	skip?: string | undefined;
};

/** The arguments of a call that would rotate the cluster. */
export const usual = ['--cluster', 'basic', '--yes'];

/** Changes a file of the cluster folder; `undo` writes the old text back. */
export const changedFile = (file: string, change: (text: string) => string) => async ({folder}: Place): Promise<Arranged> => {
	const target = path.join(folder, file);
	const before = await readFile(target, 'utf8');
	const after = change(before);
	if (after === before) {
		throw new Error(`the change of ${file} changes nothing`);
	}

	await writeFile(target, after);
	return {
		async undo() {
			await writeFile(target, before);
		},
	};
};
