import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {documentFiles} from './helpers/agree.ts';
import {rollback, rotate} from './helpers/product.ts';
import {
	few,
	startSandbox,
	stopSandbox,
	type TestSandbox,
} from './helpers/sandbox.ts';
import {secretsOf} from './helpers/state-of.ts';
import {startTraffic} from './helpers/traffic.ts';

/* One cluster of stand-ins, which is back where it began after each test. */
const name = 'test-rollback';
let sandbox: TestSandbox;
let before: unknown;

/** The texts in the Secrets and the folder's files: what must be there again, byte for byte. */
const stateOf = async (): Promise<unknown> => {
	const secrets = await secretsOf(sandbox);
	const files = await documentFiles(sandbox);
	return {
		secrets: Object.fromEntries(Object.entries(secrets).map(([component, {texts}]) => [component, texts])),
		files: await Promise.all(files.map(async file => [file, createHash('sha256').update(await readFile(path.join(sandbox.folder, file))).digest('hex')])),
	};
};

test.before(async t => {
	t.timeout(300_000);
	sandbox = await startSandbox(name, [...few, '--verify-cn']);
	before = await stateOf();
});

test.after.always(async () => {
	await stopSandbox(name);
});

const thereAndBack = test.macro({
	title: (when = '') => `${when} the way back leads to the same Secrets and files, and no connection fails by a certificate`,
	async exec(t, args: string[]) {
		// Longer than both runs may take.
		t.timeout(600_000);
		const counter = await startTraffic(sandbox, 20);
		const there = await rotate(sandbox, [...args, '--min-age', '0', '--yes']);
		const back = await rollback(sandbox);
		const {total, examples} = await counter.stop();
		t.is(there.exitCode, 0, there.stderr);
		t.is(back.exitCode, 0, back.stderr);
		t.deepEqual(await stateOf(), before);
		t.log(`there ${there.seconds} s, back ${back.seconds} s`, total);
		t.is(total.certificateErrors, 0, JSON.stringify(examples));
	},
});

test.serial('a dry run shows the way back and changes nothing', async t => {
	await rotate(sandbox, ['--until', 'trust', '--min-age', '0', '--yes']);
	const present = await stateOf();
	const {exitCode, stdout} = await rollback(sandbox, ['--dry-run']);
	t.is(exitCode, 0);
	t.regex(stdout, /rm -f ca-key.new.pem ca-key.old.pem ca.new.pem ca.old.pem/v);
	t.deepEqual(await stateOf(), present);
});

// From where the dry run left it.
test.serial('after trust', thereAndBack, ['--until', 'trust']);
test.serial('after reissue', thereAndBack, []);
test.serial('after the old CA was retired', thereAndBack, ['--retire-old-ca']);
test.serial('after the leaves alone were renewed', thereAndBack, ['--keep-ca']);

test.serial('where everything is as in the backup, there is nothing to do', async t => {
	const {exitCode, stderr} = await rollback(sandbox);
	t.is(exitCode, 0);
	t.regex(stderr, /Nothing to do/v);
});

test.serial('a way back that is killed goes on with the same command', async t => {
	t.timeout(300_000);
	await rotate(sandbox, ['--min-age', '0', '--yes']);
	await rollback(sandbox, [], {signal: AbortSignal.timeout(8000)});
	const again = await rollback(sandbox);
	t.is(again.exitCode, 0, again.stderr);
	t.deepEqual(await stateOf(), before);
});

test.serial('a backup that is not there is refused: exit status 3', async t => {
	const {exitCode, stderr} = await rollback(sandbox, ['--to', '20200101T000000Z']);
	t.is(exitCode, 3);
	t.regex(stderr, /there is no backup 20200101T000000Z; there are: /v);
});
