import {Buffer} from 'node:buffer';
import {
	mkdtemp,
	readFile,
	readdir,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {exitStatus, failed, Stopped} from '../../../src/run/errors.ts';
import {openRecorder} from '../../../src/run/recorder.ts';
import {reported, type Run} from '../../../src/run/reported.ts';
import {writeReport} from '../../../src/run/write-report.ts';
import {redactor} from '../../../src/run/redact.ts';
import {makeKey} from '../../helpers/certificates.ts';
import {lookAt, runRecord} from '../../helpers/run-record.ts';

const {plan, programs} = runRecord();
const goOn = 'npm run rotate -- --cluster basic';
const options = {what: 'rotation', programs: programs as never, left: () => ['retire the old CA']} as const;

/** A run in a folder of its own that is gone after the test. */
const withRun = async (work: (run: Run, said: string[]) => Promise<void>): Promise<void> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	const said: string[] = [];
	try {
		await work({
			plan,
			folder,
			goOn,
			say(text) {
				said.push(text);
			},
			recorder: openRecorder(async () => undefined),
			stamp: '20261125T070000Z',
			before: lookAt('old'),
			observe: async () => lookAt('new'),
			proofs: [],
			acknowledged: [],
		}, said);
	} finally {
		await rm(folder, {recursive: true});
	}
};

test('a run that ends well has a report in two forms, which their owner alone may read', async t => {
	await withRun(async run => {
		const file = await reported(options, run, async () => undefined);
		t.is(file, path.join(run.folder, 'reports', '20261125T070000Z.html'));
		t.deepEqual(await readdir(path.join(run.folder, 'reports')), ['20261125T070000Z.html', '20261125T070000Z.md']);
		const modes = await Promise.all(['reports', 'reports/20261125T070000Z.html', 'reports/20261125T070000Z.md'].map(async name => {
			const {mode} = await stat(path.join(run.folder, name));
			return (mode % 0o1000).toString(8);
		}));
		t.deepEqual(modes, ['700', '600', '600']);
		const page = await readFile(file!, 'utf8');
		t.regex(page, /Done: the rotation reached what was asked for/v);
		t.true(page.includes('<li>retire the old CA</li>'));
	});
});

const endings: Array<[error: Error, words: string]> = [
	[failed('the gate says no', `then go on: ${goOn}`), 'Failed: the rotation is not finished'],
	[new Stopped(exitStatus.interrupted, 'the gate says no', [`go on: ${goOn}`]), 'Interrupted: the rotation is not finished'],
	[new Error('the gate says no'), 'Failed: the rotation is not finished'],
];

for (const [error, words] of endings) {
	test(`${error.name}, ${words}: the report says so at its top, with the position and the command that goes on, and the failure is not hidden`, async t => {
		await withRun(async run => {
			const position = {name: 'trust', why: ['done: this', 'next: that']} as const;
			const thrown = await t.throwsAsync(reported({...options, left: () => [], position: () => ({...position, why: [...position.why]})}, run, async () => {
				throw error;
			}));
			t.is(thrown, error);
			const text = await readFile(path.join(run.folder, 'reports', '20261125T070000Z.md'), 'utf8');
			const top = text.slice(0, text.indexOf('## Overview'));
			t.true([words, 'the gate says no', 'Position: trust', 'next: that', goOn].every(part => top.includes(part)), top);
			const hints = error instanceof Stopped ? error.hints : ['the report of this run: …'];
			t.regex(hints.at(-1)!, /^the report of this run: /v);
		});
	});
}

test('when the API server is away, the report tells what was seen last', async t => {
	await withRun(async run => {
		const away: Run = {
			...run,
			async observe() {
				throw new Error('away');
			},
		};
		await t.throwsAsync(reported({...options, left: () => []}, away, async () => {
			throw failed('the API server is away');
		}));
		const written = await readdir(path.join(run.folder, 'reports'));
		t.is(written.length, 2);
	});
});

test('a report that cannot be written fails nothing, and is said', async t => {
	await withRun(async (run, said) => {
		await writeFile(path.join(run.folder, 'reports'), '');
		t.is(await reported({...options, left: () => []}, run, async () => undefined), undefined);
		t.regex(said.join('\n'), /the report could not be written: /v);
	});
});

test('a key that a program printed is in neither form, however it was printed', async t => {
	await withRun(async run => {
		const key = makeKey();
		const [inMiddle] = key.split('\n').slice(1);
		const printed = [key, key.replaceAll('\n', String.raw`\n`), Buffer.from(key).toString('base64'), `tls.key: ${Buffer.from(key).toString('base64')}`];
		const record = runRecord({
			folder: run.folder,
			ending: {is: 'failed', message: printed.join('\n'), hints: printed},
			left: printed,
			acknowledged: printed.map(what => ({name: what, what})),
		});
		const [first, ...others] = record.events;
		const leaky = {...record, events: [first!, ...others.map(one => one.event === 'command' ? {...one, facts: {...one.facts, command: printed.join(' ')}} : one)]};
		await writeReport(leaky, 'one', redactor([key]));
		for (const form of ['md', 'html']) {
			const text = await readFile(path.join(run.folder, 'reports', `one.${form}`), 'utf8');
			t.true(text.includes('redacted'));
			// Base64 has no character that Markdown or HTML would write in another way.
			for (const part of [inMiddle!, Buffer.from(inMiddle!).toString('base64').slice(4, -4), Buffer.from(key).toString('base64').slice(40, 120)]) {
				t.false(text.includes(part), `in ${form}`);
			}
		}
	});
});
