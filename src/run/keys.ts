import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {type Redactor, redactor} from './redact.ts';

const isKey = (name: string): boolean => /-key(?:\.new|\.old)?\.pem$/v.test(name);

/** Every private key of a cluster folder, its staging folders and backups included, for redaction only. */
const keysIn = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
	const files = entries.filter(entry => entry.isFile() && isKey(entry.name)).map(entry => path.join(entry.parentPath, entry.name));
	// A staging folder may be gone by the time its file is read.
	return Promise.all(files.map(async file => readFile(file, 'utf8').catch(() => '')));
};

/** Takes the keys that the cluster folder holds now out of any text (design.md 8). */
export const folderRedactor = async (folder: string): Promise<Redactor> => redactor(await keysIn(folder));
