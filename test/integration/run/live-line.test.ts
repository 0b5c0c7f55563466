import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {execa} from 'execa';
import {quote} from 'shlex';
import which from 'which';

const source = path.resolve(import.meta.dirname, '../../../src/run');
const hasTerminals = process.platform === 'linux' && await which('script', {nothrow: true}) !== null;
const onTerminal = hasTerminals ? test : test.skip;

/** A program that says something while a line lives. */
const program = String.raw`
	import {setTimeout as sleep} from 'node:timers/promises';
	import {say} from '${source}/say.ts';
	import {liveColumns, showLive} from '${source}/live-line.ts';
	let count = 0;
	say('first');
	const live = showLive(() => ('alive ' + count++ + ' ').repeat(20).slice(0, liveColumns()));
	say('second');
	await sleep(1200);
	say('third, of\ntwo lines');
	if (process.argv[1] !== 'leave') {
		live.stop();
		say('last');
	}
`;

const arguments_ = ['--input-type=module', '--eval', program];

/** Runs it on a terminal of 60 columns, as util-linux' script makes one. */
const onPty = async (env: Record<string, string>, ...more: string[]): Promise<string> => {
	const command = [process.execPath, ...arguments_, ...more].map(word => quote(word)).join(' ');
	const {stdout} = await execa('script', ['-qec', `stty cols 60; ${command}`, '/dev/null'], {
		env: {
			// Node gives no colour to a CI that it does not know.
			TERM: 'xterm', NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined, ...env,
		},
		stdin: 'ignore',
	});
	return stdout.replaceAll('\u{1B}', '␛');
};

type Screen = {lines: string[]; column: number};

/** What becomes of a terminal by one more part of what is written to it: a carriage return goes back, and `␛[2K` takes the line away. */
const after = ({lines, column}: Screen, part: string): Screen => {
	const [before, line] = [lines.slice(0, -1), lines.at(-1)!.padEnd(column)];
	switch (part) {
		case '\r': {
			return {lines, column: 0};
		}

		case '\n': {
			return {lines: [...lines, ''], column: 0};
		}

		case '␛[2K': {
			return {lines: [...before, ''], column};
		}

		default: {
			const text = part.startsWith('␛') ? '' : part;
			return {lines: [...before, `${line.slice(0, column)}${text}${line.slice(column + text.length)}`], column: column + text.length};
		}
	}
};

/** What stands on a terminal in the end, line by line. */
const screen = (written: string): string[] => {
	let now: Screen = {lines: [''], column: 0};
	for (const [part] of written.matchAll(/␛\[[\d;?]*[A-Za-z]|\r|\n|[^\n\r␛]+/gv)) {
		now = after(now, part);
	}

	return now.lines;
};

const said = ['first', 'second', 'third, of', 'two lines'];

onTerminal('on a terminal nothing is left of the live line, and what was said stands there whole (needs util-linux\' script)', async t => {
	const written = await onPty({});
	t.true(written.includes('alive 0') && written.includes('alive 2'), 'it was there, and was rewritten');
	t.deepEqual(screen(written).filter(Boolean), [...said, 'last']);
});

onTerminal('it is never wider than the terminal (needs util-linux\' script)', async t => {
	const written = await onPty({});
	const lengths = written.matchAll(/alive[^\n\r␛]*/gv).map(([line]) => line.length).toArray();
	t.true(lengths.length > 0 && lengths.every(length => length < 60), String(lengths));
});

onTerminal('a run that ends without taking it away leaves nothing of it either (needs util-linux\' script)', async t => {
	t.deepEqual(screen(await onPty({}, 'leave')).filter(Boolean), said);
});

onTerminal('NO_COLOR takes its colour away, and only that (needs util-linux\' script)', async t => {
	const [plain, dim] = [await onPty({NO_COLOR: '1'}), await onPty({})];
	t.true(plain.includes('alive 0'));
	t.notRegex(plain, /␛\[\d*m/v);
	t.regex(dim, /␛\[2m/v);
});

onTerminal('a dumb terminal has none (needs util-linux\' script)', async t => {
	const written = await onPty({TERM: 'dumb'});
	t.notRegex(written, /alive|␛/v);
});

test('a stream that is no terminal has none', async t => {
	const {stderr, stdout} = await execa(process.execPath, arguments_, {env: {TERM: 'xterm', FORCE_COLOR: '1'}, stdin: 'ignore'});
	t.is(stderr, [...said, 'last'].join('\n'));
	t.is(stdout, '');
});
