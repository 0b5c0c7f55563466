import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {holderText} from '../../../src/plan/holder.ts';
import {Stopped} from '../../../src/run/errors.ts';
import {inFolder, proveFolder} from '../../../src/run/folder-lock.ts';
import {self} from '../../../src/run/self.ts';
import {holderOf} from '../../helpers/holder-of.ts';

const place = async (t: ExecutionContext): Promise<string> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'folder-lock-test-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	return path.join(folder, 'basic');
};

/** A folder that another process holds. */
const heldBy = async (t: ExecutionContext, holder: string): Promise<string> => {
	const folder = await place(t);
	await mkdir(folder);
	const since = new Date(Date.now() - 180_000);
	const content = {holder, what: 'the rotation of other in namespace tidb', since};
	await writeFile(path.join(folder, '.lock'), JSON.stringify(content));
	return folder;
};

const stopped = async (t: ExecutionContext, run: Promise<unknown>): Promise<Stopped> => (t.throwsAsync(run, {instanceOf: Stopped}));

test('a folder is made, held while something is done in it, and free afterwards', async t => {
	const folder = await place(t);
	const text = await inFolder(folder, 'the rotation of basic', async () => {
		await proveFolder(folder);
		return readFile(path.join(folder, '.lock'), 'utf8');
	});
	const {holder, what} = JSON.parse(text) as Record<string, string>;
	t.deepEqual({holder, what}, {holder: holderText(await self()), what: 'the rotation of basic'});
	t.deepEqual(await readdir(folder), []);
});

test('it is free after a failure as well', async t => {
	const folder = await place(t);
	await t.throwsAsync(inFolder(folder, 'this', async () => {
		throw new Error('on the way');
	}), {message: 'on the way'});
	t.deepEqual(await readdir(folder), []);
});

test('a folder that a running process holds is refused, with the holder, its work and its age', async t => {
	const child = execa('sleep', ['60'], {reject: false});
	const holder = await holderOf(child.pid!);
	const folder = await heldBy(t, holder);
	const {status, message} = await stopped(t, inFolder(folder, 'this', async () => undefined));
	child.kill();
	t.is(status, 3);
	t.true(message.includes(`in use for the rotation of other in namespace tidb by ${holder} since `));
	t.regex(message, /\(3 min\); nothing was changed$/v);
	t.deepEqual(await readdir(folder), ['.lock'], 'and it stays held');
});

test('a folder whose holder was killed is taken over at once', async t => {
	const child = execa('sleep', ['60'], {reject: false});
	const folder = await heldBy(t, await holderOf(child.pid!));
	child.kill('SIGKILL');
	await child;
	const started = Date.now();
	t.is(await inFolder(folder, 'this', async () => 'done'), 'done');
	t.true(Date.now() - started < 2000);
});

test('a lock that a crash cut off is taken over after a moment', async t => {
	const folder = await heldBy(t, '');
	await writeFile(path.join(folder, '.lock'), '');
	t.is(await inFolder(folder, 'this', async () => 'done'), 'done');
});

test('of many that want a folder at once, one gets it', async t => {
	const folder = await place(t);
	const script = `
		import {text} from 'node:stream/consumers';
		import {inFolder} from ${JSON.stringify(path.resolve('src/run/folder-lock.ts'))};
		// Until its standard input ends.
		await inFolder(${JSON.stringify(folder)}, 'this', () => text(process.stdin));
		console.log('had it');
	`;
	const inputs: Array<{end: () => void}> = [];
	const refused: string[] = [];
	const {promise, resolve} = Promise.withResolvers<undefined>();
	const runs = Array.from({length: 4}, async () => {
		const child = execa(process.execPath, ['--input-type=module', '-e', script], {reject: false, stdin: 'pipe'});
		inputs.push(child.stdin);
		const {stdout, stderr} = await child;
		refused.push(stderr);
		if (refused.length === 3) {
			resolve(undefined);
		}

		return stdout;
	});
	await promise;
	for (const input of inputs) {
		input.end();
	}

	const said = await Promise.all(runs);
	t.deepEqual(said.toSorted(), ['', '', '', 'had it']);
	t.true(refused.slice(0, 3).every(text => text.includes('is in use for this by')));
});

test('a folder that another took meanwhile is noticed before a write, and left to it', async t => {
	const folder = await place(t);
	const other = JSON.stringify({holder: 'somebody'});
	await inFolder(folder, 'this', async () => {
		await writeFile(path.join(folder, '.lock'), other);
		const {status, message} = await stopped(t, proveFolder(folder));
		t.is(status, 1);
		t.regex(message, /no longer this run's/v);
	});
	t.is(await readFile(path.join(folder, '.lock'), 'utf8'), other);
});

test('a folder that cannot be made is refused', async t => {
	const folder = await place(t);
	await writeFile(folder, 'a file');
	const {status, message} = await stopped(t, inFolder(folder, 'this', async () => undefined));
	t.is(status, 3);
	t.regex(message, /cannot be written/v);
});
