import {readFileSync} from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** The README's text. */
export const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The texts of the README's fenced blocks of one language, in order. */
export const fences = (language: string): string[] =>
	readme.matchAll(/^```(?<kind>\w+)\n(?<text>.*?)^```$/gmsv).filter(({groups}) => groups!.kind === language).map(({groups}) => groups!.text!).toArray();

/** The command lines of the README's `sh` blocks, without their comments, in order. */
export const commandLines = (): string[] => fences('sh').flatMap(text => text.split('\n'))
	.map(line => line.split(' # ', 1)[0]!.trim())
	.filter(Boolean);

/** Every call of an npm script in the README, in blocks and in sentences: its name and what follows up to the end of the code. */
export const calls = (): Array<{name: string; rest: string}> =>
	readme.matchAll(/npm run (?:-s )?(?<name>[:a-z]+)(?: -- (?<rest>[^\n`]*))?/gv).map(({groups}) => ({name: groups!.name!, rest: groups!.rest ?? ''})).toArray();
