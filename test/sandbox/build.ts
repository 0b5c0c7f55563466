import {
	access,
	mkdir,
	readdir,
	rename,
	rm,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {execa, ExecaError} from 'execa';
import {withLock} from './lock.ts';
import {
	builds,
	cacheFolder,
	moduleFolder,
	requiredVersion,
	type Build,
} from './modules.ts';
import type {ProgramName} from './state.ts';

/** Takes text as it comes: a line may arrive in two parts, `building etcd v3.7.0 … ` and `done in 6 s\n`. */
export type Write = (text: string) => void;

/** What every call of `go` is given, whatever the user has set for projects of their own. */

export const goEnvironment = {GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0'};

const isThere = async (file: string): Promise<boolean> => {
	try {
		await access(file);
		return true;
	} catch {
		return false;
	}
};

const goArguments = ({tags, variables}: Build, version: string): string[] => {
	const set = Object.entries(variables?.(version) ?? {}).map(([name, value]) => ` -X ${name}=${value}`);
	return ['build', '-trimpath', '-buildvcs=false', `-ldflags=-s -w${set.join('')}`, ...(tags === undefined ? [] : ['-tags', tags])];
};

/** What a build that failed says: the program's own words, and what to do where we know it. */
const explain = (what: string, error: unknown): Error => {
	if (!(error instanceof ExecaError)) {
		return new Error(`cannot build ${what}\n${String(error)}`, {cause: error});
	}

	return error.code === 'ENOENT'
		? new Error(`cannot build ${what}: go is not on PATH\nGo 1.26 or later builds the sandbox's programs: https://go.dev/dl/`)
		: new Error(`cannot build ${what}\n${error.shortMessage}\n${String(error.stderr)}`, {cause: error});
};

type Making = {
	/** Absolute path of the result. It is either there and whole, or not there. */
	target: string;
	/** The name for the line of progress. */
	what: string;
	write: Write;
	/** Makes the result under the name that it is given, which lies in the folder of the target. */
	make: (temporary: string) => Promise<unknown>;
};

/**
Makes something in the cache once, under a lock, with a line of progress.

@throws Error with the output of the failed program.
*/
export const buildOnce = async ({target, what, write, make}: Making): Promise<void> => {
	if (await isThere(target)) {
		return;
	}

	const folder = path.dirname(target);
	const build = async () => {
		if (await isThere(target)) {
			return;
		}

		await mkdir(folder, {recursive: true});
		// What killed builds of the same target left behind.
		const left = await readdir(folder);
		await Promise.all(left.filter(name => name.startsWith(`.${path.basename(target)}.`)).map(async name => rm(path.join(folder, name), {recursive: true})));
		const temporary = path.join(folder, `.${path.basename(target)}.${process.pid}`);
		const started = Date.now();
		write(`building ${what} … `);
		try {
			await make(temporary);
		} catch (error) {
			write('failed\n');
			await rm(temporary, {recursive: true, force: true});
			throw explain(what, error);
		}

		await rename(temporary, target);
		write(`done in ${Math.round((Date.now() - started) / 1000)} s\n`);
	};

	await withLock(target, build, () => {
		write(`waiting for another run that builds ${what}\n`);
	});
};

/**
The program as built from its pinned module, which is done now if it was not before.

@returns the absolute path of the program in the user's cache.
@throws Error, if Go is missing or the build failed.
*/
export const builtProgram = async (name: ProgramName, write: Write): Promise<string> => {
	const build = builds[name];
	const version = await requiredVersion(build.module, build.versionOf);
	const how = goArguments(build, version);
	const target = path.join(await cacheFolder(build.module, how.join(' ')), 'bin', name);
	await buildOnce({
		target,
		what: `${name} ${version}`,
		write,
		make: async temporary => execa('go', [...how, '-o', temporary, build.package], {cwd: moduleFolder(build.module), env: goEnvironment, stdin: 'ignore'}),
	});
	return target;
};
