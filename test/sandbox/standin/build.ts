import {createHash} from 'node:crypto';
import {
	access,
	mkdir,
	readdir,
	readFile,
	rename,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';

const folder = import.meta.dirname;

/** The stand-in's program, built once per state of its source into the user's cache folder. */
export const standinProgram = async (): Promise<string> => {
	const hash = createHash('sha256');
	const names = await readdir(folder);
	const sources = names.filter(name => /\.go$|^go\.mod$/v.test(name)).toSorted();
	for (const name of sources) {
		hash.update(name).update(await readFile(path.join(folder, name)));
	}

	const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'tidb-cert-rotate');
	const file = path.join(cache, `standin-${hash.digest('hex').slice(0, 16)}`);
	try {
		await access(file);
		return file;
	} catch {}

	// Two that build at the same time make the same file; the last rename stands.
	await mkdir(cache, {recursive: true});
	const building = `${file}.${process.pid}`;
	const env = {CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off'};
	await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', building, '.'], {cwd: folder, env});
	await rename(building, file);
	return file;
};
