import {once} from 'node:events';
import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type TestFn} from 'ava';
import {execa} from 'execa';

const run = test as TestFn<{folder: string}>;

run.beforeEach(async t => {
	t.timeout(60_000, 'starts processes, and the machine may be busy');
	t.context.folder = await mkdtemp(path.join(tmpdir(), 'build-'));
});

run.afterEach.always(async t => {
	await rm(t.context.folder, {recursive: true});
});

const build = path.join(import.meta.dirname, '..', '..', 'sandbox', 'build.ts');

/** A run of its own that builds `<folder>/tool` in so many milliseconds, or until `<folder>/enough` is there; each build adds a line to `<folder>/builds`. */
const builder = (folder: string, milliseconds: number) => ({
	result: execa(process.execPath, ['--input-type=module', '--eval', `
	import {existsSync} from 'node:fs';
	import {appendFile, writeFile} from 'node:fs/promises';
	import {setTimeout} from 'node:timers/promises';
	const {buildOnce} = await import(${JSON.stringify(build)});
	await buildOnce({
		target: ${JSON.stringify(path.join(folder, 'tool'))}, what: 'tool v1', write: text => process.stderr.write(text),
		async make(temporary) {
			await appendFile(${JSON.stringify(path.join(folder, 'builds'))}, 'x');
			await writeFile(temporary, 'half');
			for (const end = Date.now() + ${milliseconds}; Date.now() < end && !existsSync(${JSON.stringify(path.join(folder, 'enough'))});) {
				await setTimeout(20);
			}

			await writeFile(temporary, 'whole');
		},
	});
`], {reject: false}),
});

const isBuilding = async (folder: string): Promise<boolean> => {
	const names = await readdir(folder);
	return names.some(name => name.startsWith('.tool.'));
};

run('two runs at once build once; the second waits and says so', async t => {
	const {folder} = t.context;
	const first = builder(folder, 60_000);
	while (!await isBuilding(folder)) {
		await sleep(50);
	}

	const second = builder(folder, 0);
	await once(second.result.stderr, 'data');
	await writeFile(path.join(folder, 'enough'), '');
	const both = await Promise.all([first.result, second.result]);
	t.deepEqual(both.map(({exitCode}) => exitCode), [0, 0]);
	t.is(await readFile(path.join(folder, 'builds'), 'utf8'), 'x');
	t.is(await readFile(path.join(folder, 'tool'), 'utf8'), 'whole');
	t.regex(both[0].stderr, /^building tool v1 … done in \d+ s$/v);
	t.is(both[1].stderr, 'waiting for another run that builds tool v1');
});

run('a killed build leaves nothing that is taken for a result, and the next one clears up after it', async t => {
	const {folder} = t.context;
	const {result} = builder(folder, 60_000);
	while (!await isBuilding(folder)) {
		await sleep(50);
	}

	result.kill('SIGKILL');
	await result;
	const left = await readdir(folder);
	t.false(left.includes('tool'));
	const {exitCode} = await builder(folder, 0).result;
	t.is(exitCode, 0);
	const names = await readdir(folder);
	t.deepEqual(names.toSorted(), ['builds', 'tool']);
	t.is(await readFile(path.join(folder, 'builds'), 'utf8'), 'xx');
});

run('what is built already is not built again, and nothing is said', async t => {
	const {folder} = t.context;
	await writeFile(path.join(folder, 'tool'), 'there');
	const {stderr} = await builder(folder, 0).result;
	t.is(stderr, '');
	t.is(await readFile(path.join(folder, 'tool'), 'utf8'), 'there');
});
