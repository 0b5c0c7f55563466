import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {earlierRuns} from '../../../src/run/earlier-runs.ts';
import {at, runRecord} from '../../helpers/run-record.ts';

const {plan} = runRecord();
const ids = plan.steps.map(({id}) => id);

const withJournal = async (lines: string[], work: (folder: string) => Promise<void>): Promise<void> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	try {
		await writeFile(path.join(folder, 'journal.ndjson'), lines.join('\n'));
		await work(folder);
	} finally {
		await rm(folder, {recursive: true});
	}
};

const line = (seconds: number, event: string, facts: Record<string, unknown> = {}): string => JSON.stringify({time: at(seconds), event, ...facts});

const journal = [
	line(0, 'start', {plan: ids}),
	line(1, 'end', {step: ids.at(-1)}),
	line(2, 'finish'),
	line(10, 'start', {plan: ids}),
	line(11, 'begin', {step: 'trust.apply'}),
	line(12, 'report', {file: 'reports/one.html'}),
	line(20, 'start', {plan: ids.slice(3)}),
	line(21, 'end', {step: 'trust.apply'}),
	'{"time": "cut o',
];

test('the runs since the one that took the first step are those of the same rotation', async t => {
	await withJournal(journal, async folder => {
		t.deepEqual(await earlierRuns(folder, {...plan, from: 4}), [
			{began: at(10), last: 'trust.apply, which it did not end', report: 'reports/one.html'},
			{began: at(20), last: 'trust.apply'},
		]);
	});
});

test('a run that takes the first step itself has none before it', async t => {
	await withJournal(journal, async folder => {
		t.deepEqual(await earlierRuns(folder, plan), []);
	});
});

test('where there is no journal, nothing is known of them', async t => {
	const folder = path.join(tmpdir(), 'not-there');
	t.deepEqual(await earlierRuns(folder, {...plan, from: 4}), []);
});
