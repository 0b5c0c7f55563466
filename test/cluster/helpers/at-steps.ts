import {existsSync} from 'node:fs';
import {readdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {quote} from 'shlex';
import {journalFile} from '../../../src/run/journal.ts';
import {type Begun, beginRotation} from './begin.ts';
import type {Ended, Place} from './place.ts';
import {wrapKubectl} from './wrap-kubectl.ts';

/** What is done at a step, while the run is held there. */
export type Deed = (step: string) => Promise<void>;

export type Steps = {
	/** Runs `rotate` and does the deed at the first call of kubectl in each of the steps, if it was not done there in an earlier run. */
	rotate: (args: string[]) => Promise<Ended>;
	/** The steps at which it was done, in their order. */
	done: string[];
	close: () => Promise<void>;
};

/**
A kubectl that is held in each step, by what the run's journal says it has begun, until the deed of that step is done. `$from`: where the
journal of this run begins.
*/
const body = (folder: string): string => `
step=$(tail -c "+$from" ${quote(journalFile(folder))} 2> /dev/null | grep -oE '"event":"(begin|end|skip|finish)"(,"step":"[^"]+")?' | tail -n 1 | sed -nE 's/^"event":"begin","step":"([^"]+)"$/\\1/p')
if [ -n "$step" ] && [ -e "$folder/want-$step" ]; then
	> "$folder/at-$step"
	while [ -d "$folder" ] && ! [ -e "$folder/done-$step" ]; do sleep 0.05; done
fi`;

const sizeOf = async (file: string): Promise<number> => existsSync(file) ? (await stat(file)).size : 0;

/** Makes a kubectl by which something is done at steps of a rotation, in whatever number of runs it takes. */
export const atSteps = async (place: Place, steps: string[], deed: Deed): Promise<Steps> => {
	const {env, folder, close} = await wrapKubectl(place, body(place.folder));
	const file = (state: 'want' | 'at' | 'done', step: string): string => path.join(folder, `${state}-${step}`);
	const done: string[] = [];
	await Promise.all(steps.map(async step => writeFile(file('want', step), '')));

	/** Does what is to be done at the steps that the run comes to, until it has ended. */
	const follow = async (begun: Begun): Promise<Ended> => {
		let isOver = false;
		const ended = (async () => {
			const how = await begun.ended;
			isOver = true;
			return how;
		})();
		// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it ends meanwhile
		while (!isOver) {
			const names = await readdir(folder);
			const step = names.filter(name => name.startsWith('at-')).map(name => name.slice('at-'.length)).find(name => !done.includes(name));
			if (step !== undefined) {
				await deed(step);
				done.push(step);
				await writeFile(file('done', step), '');
			}

			await sleep(100);
		}

		return ended;
	};

	return {
		async rotate(args) {
			const from = await sizeOf(journalFile(place.folder)) + 1;
			return follow(beginRotation(place, args, {...env, from: String(from)}));
		},
		done,
		close,
	};
};
