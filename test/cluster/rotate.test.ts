import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {statePaths} from '../sandbox/state.ts';
import type {Report} from '../traffic/counter.ts';
import {certificateErrorsIn, matchTries, rejectedTriesIn} from '../traffic/pd-log.ts';
import {
	documentFiles,
	fingerprintsIn,
	pairOf,
	serialsByComponent,
	verdicts,
} from './helpers/agree.ts';
import {probeNumbersOf} from './helpers/journal.ts';
import {type Ran, rotate} from './helpers/product.ts';
import {startSandbox, stopSandbox, type TestSandbox} from './helpers/sandbox.ts';
import {newestReport} from './helpers/report.ts';
import {podUids, type SecretState, secretsOf} from './helpers/state-of.ts';
import {startTraffic} from './helpers/traffic.ts';

/* One real cluster; each test goes on from where the one before left it. */
let sandbox: TestSandbox;
let before: Record<string, SecretState>;
let ran: Ran;
let traffic: Report;

const leastAttempts = 20_000;
const rate = 180;

test.before(async t => {
	t.timeout(300_000);
	sandbox = await startSandbox('test-rotate');
	before = await secretsOf(sandbox);
});

test.after.always(async () => {
	await stopSandbox('test-rotate');
});

test.serial('rotate --retire-old-ca takes a real cluster to a new CA: exit status 0', async t => {
	t.timeout(600_000);
	const counter = await startTraffic(sandbox, rate, leastAttempts);
	ran = await rotate(sandbox, ['--retire-old-ca', '--probe', '--yes']);
	traffic = await counter.stop();
	t.log(`rotated in ${ran.seconds} s`);
	t.is(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
});

test.serial('no mTLS connection in any direction fails by a certificate meanwhile', t => {
	t.log(traffic.total, `${traffic.attemptsBefore} of them until the rotation was over`);
	t.is(traffic.total.certificateErrors, 0, JSON.stringify(traffic.examples));
	// A connection that ends without a word of TLS is no certificate's doing; on a busy machine one is late now and then.
	t.true(traffic.total.unexplained <= traffic.total.attempts / 1000, JSON.stringify(traffic.examples));
	t.is(Object.keys(traffic.directions).length, 11);
	t.true(traffic.total.attempts >= leastAttempts);
});

test.serial('nor does one of the probe, through port-forward', async t => {
	const {targets} = await probeNumbersOf(sandbox.folder);
	t.log(targets);
	t.is(targets.length, 14);
	t.deepEqual(targets.filter(({accepted, certificateFailures}) => accepted === 0 || certificateFailures > 0), []);
	t.regex(ran.stderr, /^Probe: \d+ mTLS connections through port-forward, \d+ accepted, 0 certificate failures$/mv);
});

test.serial('PD keeps its quorum', t => {
	t.log(traffic.quorum);
	t.true(traffic.quorum.fewestAnswering! >= 2);
	t.true(traffic.quorum.longestGap < 10_000);
});

test.serial('PD\'s log has no certificate errors but those of the gates\' own tries', async t => {
	const pods = Array.from({length: sandbox.pd}, (_, ordinal) => `${sandbox.cluster}-pd-${ordinal}`);
	const {logs} = statePaths(sandbox.state);
	const errors = await Promise.all(pods.map(async pod => {
		const log = await readFile(path.join(logs, `${sandbox.namespace}.${pod}.log`), 'utf8');
		return certificateErrorsIn(pod, log, 0);
	}));
	const tries = rejectedTriesIn(await readFile(path.join(sandbox.folder, 'journal.ndjson'), 'utf8')).filter(({pod}) => pods.includes(pod));
	const {explained, unexplained, silent} = matchTries(errors.flat(), tries);
	t.log(`${explained} errors in PD's logs are the gates' own tries`);
	t.deepEqual(unexplained, []);
	t.deepEqual(silent, []);
	t.true(explained > 0);
});

test.serial('every pod was restarted exactly three times', t => {
	t.deepEqual(new Set(Object.values(traffic.restarts)), new Set([3]), JSON.stringify(traffic.restarts));
	t.regex(ran.stdout + ran.stderr, /3 a pod/v);
});

test.serial('its report tells restarts, certificates, gates and commands, and the last line says where it is', async t => {
	const {page, markdown} = await newestReport(sandbox, ran);
	const after = await secretsOf(sandbox);
	for (const text of [page, markdown]) {
		t.regex(text, /Done: the rotation reached what was asked for/v);
		t.regex(text, /evidence by restart/v);
		t.true(text.includes('cfssl gencert -initca ca-csr.json'));
		for (const {serial} of [...Object.values(before), ...Object.values(after)]) {
			t.true(text.includes(serial.toLowerCase().replace(/^0+/v, '')), `serial ${serial}`);
		}
	}

	const restarts = markdown.matchAll(/^\| (?<pod>basic-\S+) \| (?<count>\d+) \| \d\d:/gmv).map(({groups}) => [groups!.pod, Number(groups!.count)] as const);
	t.deepEqual(Object.fromEntries(restarts), traffic.restarts);
});

test.serial('Secrets, folder and served certificates agree by serial, and all are new', async t => {
	for (const [component, serials] of Object.entries(await serialsByComponent(sandbox))) {
		t.is(new Set(Object.values(serials)).size, 1, `${component}: ${JSON.stringify(serials)}`);
		t.not(serials.secret, before[component]!.serial);
	}
});

test.serial('the old client certificate is rejected by every port that rejects the control, the new one by none', async t => {
	const after = await secretsOf(sandbox);
	const [old, present] = [await verdicts(sandbox, pairOf(before.client!)), await verdicts(sandbox, pairOf(after.client!))];
	t.deepEqual(old.filter(({control, pair}) => control === 'rejected' && pair !== 'rejected'), []);
	t.deepEqual(present.filter(({pair}) => pair !== 'accepted'), []);
	// TiDB's status port asks nobody for a certificate without cluster-verify-cn.
	t.deepEqual(old.filter(({control}) => control !== 'rejected').map(({door}) => door), ['basic-tidb-0:10080', 'basic-tidb-1:10080']);
});

test.serial('the folder is back in the documents\' shape, with the new CA alone', async t => {
	const pairs = ['ca', 'client', 'pd-server', 'tidb-server', 'tikv-server'].flatMap(name => [`${name}.pem`, `${name}-key.pem`]);
	const requests = ['ca-config', 'ca-csr', 'client', 'pd-server', 'tidb-server', 'tikv-server'].map(name => `${name}.json`);
	t.deepEqual(await documentFiles(sandbox), [...pairs, ...requests].toSorted());
	const ca = await fingerprintsIn(sandbox, 'ca.pem');
	t.is(ca.length, 1);
	const after = await secretsOf(sandbox);
	for (const [component, {bundle}] of Object.entries(after)) {
		t.deepEqual(bundle, ca, component);
		t.notDeepEqual(bundle, before[component]!.bundle);
	}
});

test.serial('a second run within --min-age does nothing: exit status 0, no restart', async t => {
	const pods = await podUids(sandbox);
	const secrets = await secretsOf(sandbox);
	const second = await rotate(sandbox, ['--retire-old-ca', '--yes']);
	t.is(second.exitCode, 0, second.stderr);
	t.regex(second.stdout + second.stderr, /Nothing to do/v);
	t.deepEqual(await podUids(sandbox), pods);
	t.deepEqual(await secretsOf(sandbox), secrets);
});

test.serial('--keep-ca renews the leaves with one restart, and no connection fails by a certificate', async t => {
	t.timeout(300_000);
	const secrets = await secretsOf(sandbox);
	const counter = await startTraffic(sandbox, 50);
	const kept = await rotate(sandbox, ['--keep-ca', '--min-age', '0', '--yes']);
	const report = await counter.stop();
	t.log(`renewed in ${kept.seconds} s`, report.total);
	t.is(kept.exitCode, 0, `${kept.stdout}\n${kept.stderr}`);
	t.is(report.total.certificateErrors, 0, JSON.stringify(report.examples));
	t.deepEqual(new Set(Object.values(report.restarts)), new Set([1]), JSON.stringify(report.restarts));
	const after = await secretsOf(sandbox);
	for (const [component, {bundle, serial}] of Object.entries(after)) {
		t.deepEqual(bundle, secrets[component]!.bundle, component);
		t.not(serial, secrets[component]!.serial, component);
	}
});
