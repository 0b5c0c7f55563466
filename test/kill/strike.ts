import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import path from 'node:path';
import process from 'node:process';
import {execaSync} from 'execa';

/*
A preload of node: before and after each write of files by the run itself, kills it, where that is asked for. The program's wrappers
(strike.sh) do the same for what programs write.
*/
const {REAPER_STATE: state = '', REAPER_FOLDER: root = '', REAPER_PAIR: pair = '', REAPER_RUN: run = ''} = process.env;

const isRun = /\/scripts\/(?:rotate|rollback)\.ts$/v.test(process.argv[1] ?? '');

const read = (name: string): string => fs.readFileSync(path.join(state, name), 'utf8');

/** A path in a cluster folder: the folder, and by what the points of a cluster begin where there are two. */
type Where = {folder: string; label: string};

const whereIs = (file: string): Where => {
	const [cluster = ''] = path.relative(root, path.resolve(file)).split(path.sep, 1);
	return pair === '' || cluster === '..' ? {folder: root, label: ''} : {folder: path.join(root, cluster), label: `${cluster}: `};
};

/** The step that this run began last in a folder and has not ended. */
const step = ({folder}: Where): string => {
	const journal = path.join(folder, 'journal.ndjson');
	const text = fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8') : '';
	const own = text.slice(Math.max(0, text.lastIndexOf('"event":"start"')));
	const events = own.matchAll(/"event":"(?<event>begin|end|start|finish)"(?:,"step":"(?<step>[^"]+)")?/gv);
	const last = [...events].at(-1)?.groups;
	return last?.event === 'begin' && new RegExp(String.raw`"pid":${process.pid}[,\}]`, 'v').test(own) ? ` @ ${last.step}` : '';
};

const strikeAt = (point: string, modes: string[]): void => {
	const mode = read('mode');
	if (read('points').split('\n').includes(point) || !modes.includes(mode)) {
		return;
	}

	if (mode === 'record') {
		fs.appendFileSync(path.join(state, 'points'), `${point}\n`);
		return;
	}

	// Not while a wrapper holds the lock: the write that it lets through ends first, and may kill this run itself.
	const kill = 'alive() { grep -qs "^State:.[^ZX]" "/proc/$1/status"; }; alive "$1" && echo "$2" >> "$3" && kill -KILL "$1" && while alive "$1"; do sleep 0.01; done';
	execaSync('flock', [path.join(state, 'lock'), 'bash', '-c', kill, 'strike', String(process.pid), point, path.join(state, 'points')]);
};

/** A write, in words, and where. */
type Deed = {deed: string; where: Where};

const strike = (side: 'before' | 'after', {deed, where}: Deed): void => {
	// Notes and locks belong to no step.
	const point = `${side} ${where.label}${deed}${/ (?:journal\.ndjson|\.lock|cluster\.yaml|reports\/)/v.test(deed) ? '' : step(where)}`;
	strikeAt(point, ['record', 'every', `one ${point}`]);
};

/** A step has ended. That is no write of its own: it is struck only where it is asked for by name. */
const strikeAfterStep = (name: string, {label}: Where): void => {
	strikeAt(`after step ${label}${name}`, [`one after step ${label}${name}`]);
};

/** A path in the cluster folder, without what differs from run to run; the copies that a step starts with are one write. */
const nameOf = (operation: string, file: string): string | undefined => {
	const name = path.relative(whereIs(file).folder, path.resolve(file));
	if (root === '' || name.startsWith('..')) {
		return undefined;
	}

	const plain = name.replace(/^\.staging-[^\/]+/v, '.staging').replace(/^reports\/[\dTZ]+/v, 'reports/<time>').replace(/^(?<file>\.lock|cluster\.yaml)[\-.]\d+$/v, '$<file> (new)');
	return ['copyFile', 'rm'].includes(operation) ? plain.replace(/^\.staging\/.+/v, '.staging/…') : plain;
};

type Operation = (...args: unknown[]) => unknown;

/** The argument that says what is written: the last path where there are two. */
const targets: Record<string, number> = {
	appendFile: 0, copyFile: 1, link: 1, mkdtemp: 0, rename: 1, rm: 0, symlink: 1, writeFile: 0,
};

const deedOf = (operation: string, args: unknown[]): Deed | undefined => {
	const file = args[targets[operation]!];
	const name = typeof file === 'string' ? nameOf(operation, file) : undefined;
	return name === undefined ? undefined : {deed: `${operation} ${name}`, where: whereIs(file as string)};
};

const strikeIf = (side: 'before' | 'after', deed: Deed | undefined): void => {
	if (deed !== undefined) {
		strike(side, deed);
	}
};

if (isRun) {
	// What a killed run leaves behind must not kill the next one.
	fs.writeFileSync(path.join(state, `victim-${run}`), String(process.pid));
	const promises = fs.promises as unknown as Record<string, Operation>;
	for (const operation of Object.keys(targets)) {
		const real = promises[operation]!;
		promises[operation] = async (...args) => {
			const deed = deedOf(operation, args);
			if (deed === undefined) {
				return real(...args);
			}

			strike('before', deed);
			const result = await real(...args);
			strike('after', deed);
			const ended = operation === 'appendFile' ? /"event":"end","step":"(?<name>[^"]+)"/v.exec(String(args[1]))?.groups : undefined;
			if (ended) {
				strikeAfterStep(ended.name!, deed.where);
			}

			return result;
		};
	}

	// What is written with callbacks (cluster.yaml) or at once (the lock's removal).
	const real = {rename: fs.rename, rmSync: fs.rmSync};
	fs.rename = Object.assign((from: fs.PathLike, to: fs.PathLike, done: fs.NoParamCallback) => {
		const deed = deedOf('rename', [from, String(to)]);
		strikeIf('before', deed);
		real.rename(from, to, error => {
			strikeIf('after', deed);
			done(error);
		});
	}, {__promisify__: fs.rename.__promisify__});
	fs.rmSync = (file, options) => {
		const deed = deedOf('rm', [file]);
		strikeIf('before', deed);
		real.rmSync(file, options);
		strikeIf('after', deed);
	};

	syncBuiltinESMExports();
}
