import {
	copyFile,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {execa} from 'execa';
import {quote} from 'shlex';
import which from 'which';
import {lookAround} from '../cluster/helpers/look-around.ts';
import type {Ended, Place} from '../cluster/helpers/place.ts';
import {root} from '../cluster/helpers/sandbox.ts';

/** Programs by which a plan's lines, or the run itself, write something. */
const programs = ['kubectl', 'cfssljson', 'mv', 'cp', 'cat', 'base64', 'mkdir', 'chmod', 'rm'] as const;

/**
When a run is killed: never, and each point is noted; at the first point that has not been struck before; at this point only.
A point is a side (`before`, `after`), a write, and the step it belongs to.
*/
export type Mode = 'record' | 'every' | `one ${string}`;

/** How a run ended, and where it was killed. */
export type Reaped = Ended & {struck: string | undefined};

/** Kills runs of the tool with SIGKILL, just before or just after one of their writes. */
export type Reaper = {
	/** Runs a command of the tool in this mode. */
	run: (mode: Mode, args: string[], command?: 'rotate' | 'rollback') => Promise<Reaped>;
	/** Every point that was noted or struck so far. */
	points: () => Promise<string[]>;
	/** Forgets them. */
	forget: () => Promise<void>;
	close: () => Promise<void>;
};

/** Puts wrappers of the programs before the real ones, and a preload into node. */
export const openReaper = async (place: Place): Promise<Reaper> => {
	const {env, folder, cluster} = place;
	const state = await mkdtemp(path.join(tmpdir(), 'reaper-'));
	const [bin, mode, points] = ['bin', 'mode', 'points'].map(name => path.join(state, name)) as [string, string, string];
	await mkdir(bin);
	await copyFile(path.join(import.meta.dirname, 'strike.sh'), path.join(state, 'strike.sh'));
	await Promise.all(programs.map(async program => {
		const real = await which(program, {path: env.PATH!});
		// What the wrapper itself calls are the real ones.
		const text = `#!/usr/bin/env bash\nprogram=${program} real=${quote(real)} folder=${quote(folder)} state=${quote(state)}\nPATH=\${PATH#${quote(bin)}:}\n. "$state/strike.sh"\n`;
		await writeFile(path.join(bin, program), text, {mode: 0o755});
	}));
	const forget = async (): Promise<void> => writeFile(points, '');
	const read = async (): Promise<string[]> => {
		const text = await readFile(points, 'utf8');
		return text.split('\n').filter(Boolean);
	};

	await forget();
	let runs = 0;
	return {
		async run(asked, args, command = 'rotate') {
			runs++;
			await writeFile(mode, asked);
			const before = await read();
			const {exitCode = -1, stdout, stderr, timedOut} = await execa(process.execPath, [`scripts/${command}.ts`, '--cluster', cluster, '--yes', ...args], {
				cwd: root,
				reject: false,
				stdin: 'ignore',
				timeout: 280_000,
				env: {
					...env,
					PATH: `${bin}${path.delimiter}${env.PATH}`,
					NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, 'strike.ts')).href}`,
					REAPER_STATE: state,
					REAPER_FOLDER: folder,
					REAPER_RUN: String(runs),
				},
			});
			const after = await read();
			return {
				status: exitCode,
				stdout,
				stderr: timedOut ? `${stderr}\n${await lookAround(place)}` : stderr,
				struck: asked === 'record' ? undefined : after.at(before.length),
			};
		},
		points: read,
		forget,
		close: async () => rm(state, {recursive: true, force: true}),
	};
};
