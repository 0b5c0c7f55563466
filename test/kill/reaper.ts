import {
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
import writeFileAtomic from 'write-file-atomic';
import {lookAround} from '../cluster/helpers/look-around.ts';
import type {Ended, Place} from '../cluster/helpers/place.ts';
import {root} from '../cluster/helpers/sandbox.ts';
import {writeWrappers} from './wrappers.ts';

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
	const {env, cluster} = place;
	// Of two clusters both folders count, each point with its cluster's name.
	const folder = place.companion ? path.dirname(place.folder) : place.folder;
	const isPair = place.companion !== undefined;
	const state = await mkdtemp(path.join(tmpdir(), 'reaper-'));
	const [mode, points] = ['mode', 'points'].map(name => path.join(state, name)) as [string, string];
	const bin = await writeWrappers({
		state, folder, isPair, searched: env.PATH!,
	});
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
			// What the run before began beside its end may read it at this moment, and must not find it empty.
			await writeFileAtomic(mode, asked);
			const before = await read();
			const {exitCode = -1, stdout, stderr, timedOut} = await execa(process.execPath, [`scripts/${command}.ts`, '--cluster', cluster, '--yes', ...args], {
				cwd: root,
				reject: false,
				stdin: 'ignore',
				timeout: 540_000,
				env: {
					...env,
					PATH: `${bin}${path.delimiter}${env.PATH}`,
					NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, 'strike.ts')).href}`,
					REAPER_STATE: state,
					REAPER_FOLDER: folder,
					REAPER_PAIR: isPair ? 'yes' : '',
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
