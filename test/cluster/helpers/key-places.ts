import {Buffer} from 'node:buffer';
import {
	open,
	readdir,
	readFile,
	stat,
} from 'node:fs/promises';
import path from 'node:path';
import {findKey} from './key-windows.ts';
import type {Place} from './place.ts';
import {secretsOf} from './state-of.ts';

/** Whether a file holds private keys by its purpose. */
const isKeyFile = (file: string): boolean => /-key(?:\.new|\.old)?\.pem$/v.test(file);

const filesIn = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	return entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
};

/** The private keys that stand where they belong: in the cluster folder with its backups, and in the Secrets. PEM texts. */
export const keysAtHome = async (place: Place): Promise<string[]> => {
	const files = await filesIn(place.folder);
	const [texts, secrets] = await Promise.all([
		Promise.all(files.filter(file => isKeyFile(file)).map(async file => readFile(file, 'utf8'))),
		secretsOf(place),
	]);
	return [...texts, ...Object.values(secrets).map(secret => secret.texts['tls.key']!)];
};

/** The files of the cluster folder that hold keys, the Secrets in the backups among them, the reports, and all folders, that others than their owner may read. */
export const readableByOthers = async ({folder}: Place): Promise<string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const isOwn = (name: string): boolean => isKeyFile(name) || name === 'secrets.yaml' || /\.(?:html|md)$/v.test(name);
	const kept = entries.filter(entry => entry.isDirectory() || isOwn(entry.name)).map(entry => path.join(entry.parentPath, entry.name));
	const modes = await Promise.all([folder, ...kept].map(async file => {
		const {mode} = await stat(file);
		return {file, mode};
	}));
	return modes.filter(({mode}) => mode % 0o100 !== 0).map(({file, mode}) => `${file} ${mode.toString(8)}`);
};

/** What the sandbox itself keeps with keys in it: etcd's data, the mounted Secrets, the control plane's own keys, the folder with its backups. */
const isHome = (relative: string): boolean => /^(?:etcd|pki)\//v.test(relative)
	|| /^pods\/.*\/volumes\//v.test(relative)
	|| /^clusters\/[^\/]+\/backups\//v.test(relative)
	|| (/^clusters\/[^\/]+\/[^\/]+$/v.test(relative) && isKeyFile(relative));

const part = 32 * 1024 * 1024;

/** Looks through a file of any size; parts overlap by a key's length. */
const findInFile = async (file: string, windows: Set<string>): Promise<string | undefined> => {
	const handle = await open(file);
	try {
		const buffer = Buffer.alloc(part);
		for (let position = 0; ; position += part - 8192) {
			const {bytesRead} = await handle.read(buffer, 0, part, position);
			const text = buffer.toString('latin1', 0, bytesRead);
			const at = findKey(text, windows);
			if (at !== undefined) {
				return `${file} at ${position + at}`;
			}

			if (bytesRead < part) {
				return undefined;
			}
		}
	} finally {
		await handle.close();
	}
};

/**
Looks for parts of keys in all files of a folder.

@param folder - absolute path.
@param windows - what keyWindows gave.
@param isLeftOut - by the path in the folder.
@returns where they were found, and how many files were searched.
*/
const findInFolder = async (folder: string, windows: Set<string>, isLeftOut: (relative: string) => boolean = () => false): Promise<{found: string[]; searched: number}> => {
	const all = await filesIn(folder);
	const files = all.filter(file => !isLeftOut(path.relative(folder, file)));
	const found: string[] = [];
	for (const file of files) {
		const place = await findInFile(file, windows);
		if (place !== undefined) {
			found.push(place);
		}
	}

	return {found, searched: files.length};
};

/** Looks in the whole state folder of a sandbox, but for where keys belong. */
export const findInSandbox = async ({state}: Place, windows: Set<string>): Promise<{found: string[]; searched: number}> => findInFolder(state, windows, isHome);
