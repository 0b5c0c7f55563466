import {performance} from 'node:perf_hooks';
import process from 'node:process';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';

const source = path.resolve(import.meta.dirname, '../../../src/run');

type Run = {stdout: string; stderr: string; took: number};

/** Runs a line that would take a minute in a program of its own, with these options besides. */
const runLong = async (t: ExecutionContext, options: string): Promise<Run> => {
	const began = performance.now();
	const {stdout, stderr} = await execa(process.execPath, ['--input-type=module', '--eval', `
		import {runLine} from '${source}/line.ts';
		const result = await runLine('sleep 60 | cat', {cwd: '/', env: {}, redact: String, ${options}});
		console.log(JSON.stringify(result));
	`]);
	t.log(stdout);
	return {stdout, stderr, took: performance.now() - began};
};

test('a line that reaches its limit is ended with all its programs, and says so', async t => {
	const {stdout, took} = await runLong(t, 'timeout: 1000');
	t.true(took < 30_000, `${took} ms`);
	t.like(JSON.parse(stdout), {ok: false, ended: 'it did not end within 1 s'});
});

test('a line that is not needed any more is ended with all its programs, and says so', async t => {
	const {stdout, took} = await runLong(t, 'timeout: 60_000, until: AbortSignal.timeout(1000)');
	t.true(took < 30_000, `${took} ms`);
	t.like(JSON.parse(stdout), {ok: false, ended: 'it was ended by SIGTERM'});
});

test('a line that was not needed from the start is ended as well', async t => {
	const {stdout, took} = await runLong(t, 'timeout: 60_000, until: AbortSignal.abort()');
	t.true(took < 30_000, `${took} ms`);
	t.like(JSON.parse(stdout), {ok: false, ended: 'it was ended by SIGTERM'});
});

test('node has nothing to say of how a line is ended', async t => {
	const {stderr} = await runLong(t, 'timeout: 1000');
	t.is(stderr, '');
});
