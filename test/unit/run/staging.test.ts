import {
	mkdir,
	mkdtemp,
	readFile,
	readdir,
	rename,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {commit, recover, stage} from '../../../src/run/staging.ts';

const folderWith = async (t: ExecutionContext, files: Record<string, string>): Promise<string> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'staging-test-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	await Promise.all(Object.entries(files).map(async ([file, text]) => writeFile(path.join(folder, file), text)));
	return folder;
};

const contents = async (folder: string): Promise<Record<string, string>> => {
	const names = await readdir(folder);
	return Object.fromEntries(await Promise.all(names.toSorted().map(async name => [name, await readFile(path.join(folder, name), 'utf8')] as const)));
};

test('what was changed, added and removed in the staging folder is taken over', async t => {
	const folder = await folderWith(t, {'ca.pem': 'old', 'ca-key.pem': 'key', 'kept.json': '{}'});
	const staging = await stage(folder);
	await rename(path.join(staging, 'ca.pem'), path.join(staging, 'ca.old.pem'));
	await rm(path.join(staging, 'ca-key.pem'));
	await writeFile(path.join(staging, 'ca.pem'), 'new');
	await commit(folder, staging);
	t.deepEqual(await contents(folder), {'ca.old.pem': 'old', 'ca.pem': 'new', 'kept.json': '{}'});
});

test('a staging folder is its owner\'s alone', async t => {
	const folder = await folderWith(t, {});
	const {mode} = await stat(await stage(folder));
	t.is(mode % 0o1000, 0o700);
});

test('an undecided change is thrown away', async t => {
	const folder = await folderWith(t, {'ca.pem': 'old'});
	const staging = await stage(folder);
	await writeFile(path.join(staging, 'ca.pem'), 'half');
	await recover(folder);
	t.deepEqual(await contents(folder), {'ca.pem': 'old'});
});

test('a decided change that was interrupted is finished', async t => {
	const folder = await folderWith(t, {'ca.pem': 'old', 'ca-key.pem': 'key', 'ca.old.pem': 'old'});
	const half = path.join(folder, '.commit');
	await mkdir(half);
	await writeFile(path.join(half, 'ca.pem'), 'new');
	await writeFile(path.join(half, '.removed'), 'ca-key.pem\n');
	await recover(folder);
	t.deepEqual(await contents(folder), {'ca.old.pem': 'old', 'ca.pem': 'new'});
});

test('a folder that is not there needs no recovery', async t => {
	const none = path.join(tmpdir(), 'staging-test-none');
	await t.notThrowsAsync(recover(none));
});

test('what a killed run left half-written is thrown away: a backup, a report, the file beside cluster.yaml, a lock put aside', async t => {
	const folder = await folderWith(t, {
		'ca.pem': 'old', 'cluster.yaml': 'uid: 1', 'cluster.yaml.2721527696': 'uid', '.lock-4711': '{}',
	});
	await mkdir(path.join(folder, 'backups', '20260101T000000Z.part'), {recursive: true});
	await mkdir(path.join(folder, 'backups', '20250101T000000Z'));
	await mkdir(path.join(folder, 'reports'));
	await Promise.all(['20250101T000000Z.html', '20260101T000000Z.html.2721527696'].map(async name => writeFile(path.join(folder, 'reports', name), '')));
	await recover(folder);
	t.deepEqual(await readdir(folder), ['backups', 'ca.pem', 'cluster.yaml', 'reports']);
	t.deepEqual(await readdir(path.join(folder, 'backups')), ['20250101T000000Z']);
	t.deepEqual(await readdir(path.join(folder, 'reports')), ['20250101T000000Z.html']);
});

test('what is noted in the journal while a step is prepared stays', async t => {
	const folder = await folderWith(t, {'ca.pem': 'old', 'journal.ndjson': 'one\n'});
	const staging = await stage(folder);
	await writeFile(path.join(folder, 'journal.ndjson'), 'one\ntwo\n');
	await commit(folder, staging);
	t.is(await readFile(path.join(folder, 'journal.ndjson'), 'utf8'), 'one\ntwo\n');
});
