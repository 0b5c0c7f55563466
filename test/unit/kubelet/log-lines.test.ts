import {
	appendFile,
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {makeLogCopy} from '../../sandbox/kubelet/log-lines.ts';

test('output is copied line by line in the form of container logs, half lines later', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'log-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const [source, target] = [path.join(folder, 'raw'), path.join(folder, 'copy')];
	const copy = makeLogCopy(source, target, 0);
	const lines = async () => {
		const text = await readFile(target, 'utf8');
		return text.split('\n').map(line => line.replace(/^\d{4}-\d\d-\d\dT[\d.:]+Z /v, ''));
	};

	await copy();
	await writeFile(source, 'one\ntw');
	await copy();
	t.deepEqual(await lines(), ['stdout F one', '']);
	await appendFile(source, 'o\nthree\n');
	await copy();
	await copy();
	t.deepEqual(await lines(), ['stdout F one', 'stdout F two', 'stdout F three', '']);
});
