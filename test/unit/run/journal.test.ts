import {appendFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openJournal, readJournal} from '../../../src/run/journal.ts';

test('what was written is read, but for a line that a crash cut off', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	t.deepEqual(await readJournal(folder), []);
	await openJournal(folder)('start', {pid: 1});
	await openJournal(folder)('finish');
	await appendFile(path.join(folder, 'journal.ndjson'), '{"time":"2026');
	const events = await readJournal(folder);
	t.deepEqual(events.map(({event, pid}) => [event, pid]), [['start', 1], ['finish', undefined]]);
});
