import {Buffer} from 'node:buffer';
import {
	lstat,
	mkdtemp,
	readdir,
	readFile,
	readlink,
	rm,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {areSame, readVolume, writeVolume} from '../../sandbox/kubelet/volumes.ts';

const files = (content: Record<string, string>) => new Map(Object.entries(content).map(([name, text]) => [name, Buffer.from(text)]));

const temporary = async (t: {teardown: (action: () => Promise<void>) => void}) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'volume-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	return folder;
};

test('each file is a link through ..data into a folder named after the time', async t => {
	const folder = await temporary(t);
	await writeVolume(folder, files({'tls.crt': 'certificate', 'tls.key': 'key'}));
	t.is(await readFile(path.join(folder, 'tls.crt'), 'utf8'), 'certificate');
	t.is(await readlink(path.join(folder, 'tls.crt')), '..data/tls.crt');
	t.regex(await readlink(path.join(folder, '..data')), /^\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d{9}$/v);
});

test('a new version replaces the old one whole, and its folder goes', async t => {
	const folder = await temporary(t);
	await writeVolume(folder, files({'ca.crt': 'one', 'tls.crt': 'one'}));
	const first = await readlink(path.join(folder, '..data'));
	await writeVolume(folder, files({'ca.crt': 'two', 'tls.key': 'two'}));
	const second = await readlink(path.join(folder, '..data'));
	t.not(second, first);
	const names = await readdir(folder);
	t.deepEqual(names.toSorted(), ['..data', second, 'ca.crt', 'tls.key'].toSorted());
	t.is(await readFile(path.join(folder, 'ca.crt'), 'utf8'), 'two');
});

test('a reader never sees files of two versions', async t => {
	const folder = await temporary(t);
	await writeVolume(folder, files({a: '0', b: '0'}));
	const end = new AbortController();
	const write = async () => {
		for (let version = 1; version <= 50; version++) {
			await writeVolume(folder, files({a: String(version), b: String(version)}));
		}

		end.abort();
	};

	const read = async () => {
		let pairs = 0;
		while (!end.signal.aborted) {
			// A version that is removed while it is read gives an error, as with kubelet.

			const version = await readVolume(folder).catch(() => undefined);
			if (version?.size !== 2) {
				continue;
			}

			t.deepEqual(version.get('a'), version.get('b'));
			pairs++;
		}

		return pairs;
	};

	const [pairs] = await Promise.all([read(), write()]);
	t.true(pairs > 0);
});

test('only the owner can read the files', async t => {
	const folder = await temporary(t);
	await writeVolume(path.join(folder, 'tls'), files({'tls.key': 'key'}));
	const data = path.join(folder, 'tls', await readlink(path.join(folder, 'tls', '..data')));
	const [outer, inner] = await Promise.all([lstat(data), lstat(path.join(data, 'tls.key'))]);
	t.is(outer.mode % 0o1000, 0o700);
	t.is(inner.mode % 0o1000, 0o600);
});

test('a volume that was never written is undefined, and reads back what was written', async t => {
	const folder = await temporary(t);
	t.is(await readVolume(folder), undefined);
	await writeVolume(folder, files({a: 'x'}));
	t.true(areSame((await readVolume(folder))!, files({a: 'x'})));
});

test('volumes differ by a name, a byte or a file more', t => {
	t.true(areSame(files({a: 'x'}), files({a: 'x'})));
	t.false(areSame(files({a: 'x'}), files({b: 'x'})));
	t.false(areSame(files({a: 'x'}), files({a: 'y'})));
	t.false(areSame(files({a: 'x'}), files({a: 'x', b: 'y'})));
});
