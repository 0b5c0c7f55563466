import {Buffer} from 'node:buffer';
import {
	mkdir,
	readFile,
	readdir,
	realpath,
	rename,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** Files of a volume: name to content. */
export type Files = Map<string, Uint8Array>;

const data = '..data';

/** As kubelet names the folder of one version: `..2026_11_23_22_50_06.334382567`. */
const versionName = (): string => {
	const time = new Date().toISOString().replaceAll(/[\-:T]/gv, '_').replace('Z', '');
	return `..${time}${String(process.hrtime.bigint() % 1_000_000n).padStart(6, '0')}`;
};

/**
Write a volume as kubelet does, so that a reader sees all old files or all new ones: the files in a new folder named
after the time, then the link `..data` swapped over to it, then a link per file through `..data`.

@param folder - The volume's folder; made if it is not there.
@param files - All that shall stand in it; other files go.
*/
export const writeVolume = async (folder: string, files: Files): Promise<void> => {
	const version = versionName();
	await mkdir(path.join(folder, version), {recursive: true, mode: 0o700});
	await Promise.all(Array.from(files, async ([name, content]) => writeFile(path.join(folder, version, name), content, {mode: 0o600})));

	const next = path.join(folder, '..data_tmp');
	await rm(next, {force: true});
	await symlink(version, next);
	await rename(next, path.join(folder, data));

	const present = await readdir(folder);
	const names = [...files].map(([name]) => name);
	const missing = names.filter(name => !present.includes(name));
	await Promise.all(missing.map(async name => symlink(path.join(data, name), path.join(folder, name))));
	const old = present.filter(name => name !== data && name !== version && !files.has(name));
	await Promise.all(old.map(async name => rm(path.join(folder, name), {recursive: true, force: true})));
};

/** The files that stand in a volume now, all of one version; undefined if it was never written. */
export const readVolume = async (folder: string): Promise<Files | undefined> => {
	let version: string;
	try {
		version = await realpath(path.join(folder, data));
	} catch {
		return undefined;
	}

	const names = await readdir(version);
	return new Map(await Promise.all(names.map(async name => [name, await readFile(path.join(version, name))] as const)));
};

/** Whether two volumes hold the same names and bytes. */
export const areSame = (one: Files, other: Files): boolean => {
	const names = [...one].map(([name]) => name);
	return one.size === other.size && names.every(name => other.has(name) && Buffer.compare(one.get(name)!, other.get(name)!) === 0);
};
