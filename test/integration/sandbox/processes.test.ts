import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type TestFn} from 'ava';
import {
	endProcesses,
	listProcesses,
	startProcess,
	startTicksOf,
} from '../../sandbox/processes.ts';

type Context = {state: string; other: string};
const run = test as TestFn<Context>;

run.beforeEach(async t => {
	t.timeout(60_000, 'starts processes, and the machine may be busy');
	const folder = await mkdtemp(path.join(tmpdir(), 'processes-'));
	t.context = {state: path.join(folder, 'state'), other: path.join(folder, 'state-2')};
});

run.afterEach.always(async t => {
	await endProcesses(t.context.state, 0);
	await endProcesses(t.context.other, 0);
	await rm(path.dirname(t.context.state), {recursive: true});
});

const shell = (state: string, script: string): number => startProcess({
	state, name: 'shell', file: '/bin/sh', args: ['-c', script], cwd: '/',
});

run('a process and its children are found by the state folder', async t => {
	const {state} = t.context;
	const pid = shell(state, 'sleep 60 & sleep 60');
	await sleep(200);
	const found = await listProcesses(state);
	t.is(found.length, 3);
	t.is(found.find(one => one.pid === pid)?.startTicks, await startTicksOf(pid));
});

run('its output is appended to its log', async t => {
	const {state} = t.context;
	shell(state, 'echo one; echo two >&2');
	shell(state, 'echo three');
	await sleep(300);
	const log = await readFile(path.join(state, 'logs', 'shell.log'), 'utf8');
	t.deepEqual(log.split('\n').toSorted(), ['', 'one', 'three', 'two']);
});

run('ending a sandbox leaves another one\'s processes alone', async t => {
	const {state, other} = t.context;
	shell(state, 'exec sleep 60');
	shell(other, 'exec sleep 60');
	t.is(await endProcesses(state), 1);
	t.like(await listProcesses(state), {length: 0});
	t.like(await listProcesses(other), {length: 1});
});

run('a process that does not mind SIGTERM is killed, and so is one that is started meanwhile', async t => {
	const {state} = t.context;
	shell(state, String.raw`trap "" TERM; trap "sh -c 'trap \"\" TERM; while :; do sleep 1; done' &" USR1; while :; do sleep 1; kill -USR1 $$; done`);
	await sleep(300);
	await endProcesses(state, 1500);
	t.deepEqual(await listProcesses(state), []);
});

run('a program that is not there is an error', t => {
	t.throws(() => startProcess({
		state: t.context.state, name: 'nothing', file: '/nowhere/nothing', args: [],
	}), {message: 'cannot start nothing: /nowhere/nothing'});
});
