import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dryRunSchema, type DryRun} from '../../src/render/dry-run-schema.ts';
import {
	call,
	type Ended,
	type Place,
	startPlace,
	stopPlace,
} from './helpers/place.ts';
import {processesWith} from './helpers/process-watch.ts';
import {few} from './helpers/sandbox.ts';
import {snapshot} from './helpers/snapshot.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. */
let place: Place;
let temporary: string;

test.before(async t => {
	t.timeout(300_000);
	place = await startPlace('test-dry-run', few);
	temporary = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
});

test.after.always(async () => {
	await stopPlace('test-dry-run');
	await rm(temporary, {recursive: true, force: true});
});

const rotate = async (t: ExecutionContext, args: string[]): Promise<Ended> => {
	const ended = await call('rotate', place, ['--cluster', 'basic', ...args], {env: {TMPDIR: temporary}});
	t.is(ended.status, 0, `${ended.stdout}\n${ended.stderr}`);
	return ended;
};

/** A dry run, which must leave nothing behind. */
const dryRun = async (t: ExecutionContext, args: string[]): Promise<Ended> => {
	const before = await snapshot(place);
	const ended = await rotate(t, ['--dry-run', ...args]);
	t.deepEqual(await snapshot(place), before);
	t.deepEqual(await readdir(temporary), []);
	t.deepEqual(processesWith(`TMPDIR=${temporary}`), []);
	return ended;
};

const asJson = async (t: ExecutionContext, args: string[]): Promise<DryRun> => {
	const {stdout} = await dryRun(t, ['--output', 'json', ...args]);
	return dryRunSchema.parse(JSON.parse(stdout));
};

/** The changing commands that a run printed as it ran them. */
const ran = ({stderr}: Ended): string[] => stderr.split('\n').filter(line => line.startsWith('    ! ')).map(line => line.slice(6));

const changing = ({steps}: DryRun): string[] => steps.filter(({done}) => !done)
	.flatMap(({commands}) => commands)
	.filter(({changes}) => changes !== 'nothing')
	.flatMap(({text}) => text.split('\n'));

const stepsAsked = ({serverAnswers}: DryRun): string[] => [...new Set(serverAnswers.map(({step}) => step))];

test.serial('as text, the plan, the changes and the server\'s answers are on stdout, the programs on stderr', async t => {
	const {stdout, stderr} = await dryRun(t, []);
	t.regex(stdout, /^ {6}! cfssl gencert -initca ca-csr\.json \| cfssljson -bare ca -$/mv);
	t.regex(stdout, /\+ .*\(example\)\n +SHA-256 [\da-f]{64}$/mv);
	t.regex(stdout, /^ {6}secret\/basic-pd-cluster-secret configured \(server dry run\)$/mv);
	t.regex(stderr, /^cfssljson {2}\//mv);
	t.notRegex(stderr, /! cfssl/v);
});

test.serial('as JSON, every write is asked of the server in its phase', async t => {
	const data = await asJson(t, ['--retire-old-ca']);
	t.deepEqual(stepsAsked(data), ['trust.apply', 'reissue.apply', 'retire.apply']);
	t.true(data.serverAnswers.every(({answer}) => answer.endsWith('configured (server dry run)')));
});

test.serial('what it lists is what the run that follows does, also from the middle of a rotation', async t => {
	const first = await asJson(t, ['--until', 'trust']);
	t.deepEqual(ran(await rotate(t, ['--until', 'trust', '--yes'])), changing(first));
	const second = await asJson(t, []);
	t.true(second.position.done > 0);
	t.deepEqual(stepsAsked(second), ['reissue.apply']);
	t.deepEqual(ran(await rotate(t, ['--yes'])), changing(second));
});

test.serial('where nothing is to be done, it says so', async t => {
	const {stdout} = await dryRun(t, []);
	t.regex(stdout, /^Nothing to do: trust and reissue are done\.\nThe old CA is still trusted\./v);
	const {nothingToDo, steps} = await asJson(t, []);
	t.is(nothingToDo?.length, 2);
	t.deepEqual(steps, []);
});

test.serial('with --new, what it lists is the end of the earlier rotation and the next one, as they run', async t => {
	const data = await asJson(t, ['--new']);
	t.deepEqual(stepsAsked(data), ['retire.apply', 'trust.apply', 'reissue.apply']);
	t.deepEqual(ran(await rotate(t, ['--new', '--yes'])), changing(data));
});

test.serial('a dry run that is interrupted leaves nothing either', async t => {
	const before = await snapshot(place);
	const ended = await call('rotate', place, ['--cluster', 'basic', '--dry-run', '--new'], {
		env: {TMPDIR: temporary},
		interruptWhen: async () => processesWith(`TMPDIR=${temporary}`).some(command => /--dry-run=|gencert/v.test(command)),
	});
	t.is(ended.status, 130, ended.stderr);
	t.deepEqual(await snapshot(place), before);
	t.deepEqual(await readdir(temporary), []);
	t.deepEqual(processesWith(`TMPDIR=${temporary}`), []);
});
