import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

const folders = new Set<string>();

const remove = (folder: string): void => {
	// A program that is being ended may still have written to it meanwhile.
	rmSync(folder, {recursive: true, force: true, maxRetries: 5});
	folders.delete(folder);
};

const removeAll = (): void => {
	for (const folder of folders) {
		remove(folder);
	}
};

/** A folder for temporary files, which only its owner may read. */
export type Aside = {folder: string; close: () => void};

/** Makes a temporary folder; `what` is a part of its name. It is there until `close`, or until the process ends. */
export const openAside = (what: string): Aside => {
	// Some of them hold keys: they go also where a run ends at once.
	if (!process.listeners('exit').includes(removeAll)) {
		process.on('exit', removeAll);
	}

	const folder = mkdtempSync(path.join(tmpdir(), `tidb-cert-rotate-${what}-`));
	folders.add(folder);
	return {
		folder,
		close() {
			remove(folder);
		},
	};
};
