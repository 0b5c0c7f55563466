import {rename} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {
	documentFiles,
	fingerprintsIn,
	pairOf,
	serialsByComponent,
	verdicts,
} from './helpers/agree.ts';
import {type Ran, rotate} from './helpers/product.ts';
import {
	few,
	startSandbox,
	stopSandbox,
	type TestSandbox,
} from './helpers/sandbox.ts';
import {type SecretState, secretsOf} from './helpers/state-of.ts';
import {startTraffic} from './helpers/traffic.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. */
let sandbox: TestSandbox;
let before: Record<string, SecretState>;

test.before(async t => {
	t.timeout(300_000);
	sandbox = await startSandbox('test-again', [...few, '--verify-cn']);
	before = await secretsOf(sandbox);
});

test.after.always(async () => {
	await stopSandbox('test-again');
});

/** Rotates under some traffic. It gives how often each pod was restarted, and the certificate errors. */
const rotateCounting = async (args: string[]): Promise<Ran & {restarts: number[]; certificateErrors: number}> => {
	const counter = await startTraffic(sandbox, 20);
	const ran = await rotate(sandbox, [...args, '--yes']);
	const {restarts, total} = await counter.stop();
	return {...ran, restarts: [...new Set(Object.values(restarts))], certificateErrors: total.certificateErrors};
};

test.serial('without --retire-old-ca every pod is restarted twice, and the last words say how to retire the old CA', async t => {
	const ran = await rotateCounting([]);
	t.is(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
	t.deepEqual(ran.restarts, [2]);
	t.is(ran.certificateErrors, 0);
	t.regex(`${ran.stdout}\n${ran.stderr}`.trimEnd().split('\n').at(-2)!, /npm run rotate -- --cluster basic .*--retire-old-ca/v);
});

test.serial('the old client certificate is accepted until the old CA is retired', async t => {
	const found = await verdicts(sandbox, pairOf(before.client!));
	t.deepEqual(found.filter(({pair}) => pair !== 'accepted'), []);
	t.deepEqual(found.filter(({control}) => control !== 'rejected'), []);
	const {pd} = await secretsOf(sandbox);
	t.is(new Set(pd!.bundle).size, 2);
});

test.serial('the same command again does nothing, and says how to retire the old CA', async t => {
	const ran = await rotateCounting([]);
	t.is(ran.exitCode, 0, ran.stderr);
	t.deepEqual(ran.restarts, [0]);
	t.regex(ran.stdout + ran.stderr, /Nothing to do[\s\S]*--retire-old-ca/v);
});

test.serial('--retire-old-ca afterwards restarts every pod once, and the old client certificate is rejected', async t => {
	const ran = await rotateCounting(['--retire-old-ca']);
	t.is(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
	t.deepEqual(ran.restarts, [1]);
	t.is(ran.certificateErrors, 0);
	const found = await verdicts(sandbox, pairOf(before.client!));
	t.deepEqual(found.filter(({pair}) => pair !== 'rejected'), []);
	const ca = await fingerprintsIn(sandbox, 'ca.pem');
	t.is(ca.length, 1);
});

test.serial('a second rotation in a row works by the same folder', async t => {
	const ran = await rotateCounting(['--retire-old-ca', '--min-age', '0']);
	t.is(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
	t.deepEqual(ran.restarts, [3]);
	t.is(ran.certificateErrors, 0);
});

test.serial('a third one works after the cluster folder was lost, and makes it again', async t => {
	const files = await documentFiles(sandbox);
	await rename(sandbox.folder, path.join(sandbox.state, 'lost'));
	const secrets = await secretsOf(sandbox);
	const ran = await rotateCounting(['--retire-old-ca', '--min-age', '0']);
	t.is(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
	t.deepEqual(ran.restarts, [3]);
	t.is(ran.certificateErrors, 0);
	t.deepEqual(await documentFiles(sandbox), files);
	for (const [component, serials] of Object.entries(await serialsByComponent(sandbox))) {
		t.is(new Set(Object.values(serials)).size, 1, `${component}: ${JSON.stringify(serials)}`);
		t.not(serials.secret, secrets[component]!.serial);
	}
});

test.serial('--keep-ca renews the leaves of the components that are named, and restarts only those', async t => {
	const secrets = await secretsOf(sandbox);
	const ran = await rotate(sandbox, ['--keep-ca', '--components', 'tikv', '--min-age', '0', '--yes']);
	t.is(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
	const after = await secretsOf(sandbox);
	t.deepEqual(Object.keys(after).filter(component => after[component]!.serial !== secrets[component]!.serial), ['tikv']);
});
