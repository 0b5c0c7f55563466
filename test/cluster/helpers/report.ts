import {readFile, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import type {TestSandbox} from './sandbox.ts';

/** The newest report of a cluster folder, in both its forms. */
type WrittenReport = {
	/** The path of the HTML page. */
	file: string;
	page: string;
	markdown: string;
};

/**
Reads the newest report, which a run that printed `stderr` must have named in its last line.

@throws Error when it is not named, or others than its owner may read it.
*/
export const newestReport = async ({folder}: TestSandbox, {stderr}: {stderr: string}): Promise<WrittenReport> => {
	const reports = path.join(folder, 'reports');
	const names = await readdir(reports);
	const file = path.join(reports, names.filter(name => name.endsWith('.html')).toSorted().at(-1)!);
	if (!stderr.trimEnd().split('\n').at(-1)!.endsWith(` ${file}`)) {
		throw new Error(`the last line does not name ${file}:\n${stderr}`);
	}

	const markdownFile = file.replace(/html$/v, 'md');
	const modes = await Promise.all([reports, file, markdownFile].map(async one => stat(one)));
	if (modes.some(({mode}) => mode % 0o100 !== 0)) {
		throw new Error(`others may read ${file}`);
	}

	return {file, page: await readFile(file, 'utf8'), markdown: await readFile(markdownFile, 'utf8')};
};
