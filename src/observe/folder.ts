import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {readCertificates, readKey} from '../certificates/read.ts';
import type {FolderFacts} from './types.ts';

type Files = Pick<FolderFacts, 'certificates' | 'keys' | 'requests'>;

const parse = (text: string): {value?: unknown; problem?: string} => {
	try {
		return {value: JSON.parse(text)};
	} catch (error) {
		return {problem: (error as Error).message};
	}
};

/** Reads the certificates, keys and requests of one folder; of a key only which public key it belongs to is kept. */
const readFiles = async (folder: string): Promise<Files> => {
	const names = await readdir(folder);
	const files: Files = {certificates: {}, keys: {}, requests: {}};
	const kept = names.filter(name => name.endsWith('.pem') || name.endsWith('.json'));
	const texts = await Promise.all(kept.map(async name => [name, await readFile(path.join(folder, name), 'utf8')] as const));
	for (const [name, text] of texts) {
		if (name.endsWith('.json')) {
			files.requests[name] = parse(text);
		} else if (/-key(?:\.new|\.old)?\.pem$/v.test(name)) {
			files.keys[name] = readKey(text);
		} else {
			files.certificates[name] = readCertificates(text);
		}
	}

	return files;
};

/** A cluster folder that is not there. */
export const noFolder = (folder: string): FolderFacts => ({
	path: folder, exists: false, certificates: {}, keys: {}, requests: {}, backups: [],
});

/**
The cluster folder as it is.
@param folder its path; one that does not exist is a fact, not an error.
*/
export const observeFolder = async (folder: string): Promise<FolderFacts> => {
	const none = noFolder(folder);
	const files = await readFiles(folder).catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	});
	if (!files) {
		return none;
	}

	const backups = await readdir(path.join(folder, 'backups')).catch(() => [] as string[]);
	const names = backups.filter(name => !name.endsWith('.part')).toSorted().toReversed();
	return {
		...none,
		...files,
		exists: Object.keys(files.certificates).length + Object.keys(files.keys).length + Object.keys(files.requests).length > 0,
		backups: await Promise.all(names.map(async name => {
			const {certificates, keys, requests} = await readFiles(path.join(folder, 'backups', name));
			return {
				name, certificates, keys, requests: Object.keys(requests),
			};
		})),
	};
};
