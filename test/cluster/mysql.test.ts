import test from 'ava';
import {pairOf} from './helpers/agree.ts';
import {rollback, rotate} from './helpers/product.ts';
import {startSandbox, stopSandbox, type TestSandbox} from './helpers/sandbox.ts';
import {
	knock,
	makeControl,
	mysqlDoorsOf,
	servedLeaf,
} from './helpers/shake.ts';
import {podUids, type SecretState, secretsOf} from './helpers/state-of.ts';
import {startTraffic} from './helpers/traffic.ts';

/* One cluster whose real TiDBs have certificates for MySQL clients, who connect all the while; each test goes on from where the one before left it. */
let sandbox: TestSandbox;
let others: Record<string, SecretState>;
let before: Record<string, SecretState>;

const name = 'mysql-test';
const handled = ['--i-have-handled', 'clients-ca', '--i-have-handled', 'client-certificates'];

/** How often the pods of each component were restarted, those of one component alike. */
const perComponent = (restarts: Record<string, number>): Record<string, number[]> => {
	const byComponent = Map.groupBy(Object.entries(restarts), ([pod]) => /^basic-(?<component>[a-z]+)-/v.exec(pod)!.groups!.component!);
	return Object.fromEntries(byComponent.entries().map(([component, pods]) => [component, [...new Set(pods.map(([, count]) => count))]]));
};

test.before(async t => {
	t.timeout(300_000);
	sandbox = await startSandbox(name, ['--pd', '1', '--tikv', '1', '--tidb', '2', '--mysql']);
	[others, before] = await Promise.all([secretsOf(sandbox), secretsOf(sandbox, 'mysql')]);
});

test.after.always(async () => {
	await stopSandbox(name);
});

/** Runs it while MySQL clients connect, with a certificate and without. */
const underTraffic = async (work: () => Promise<{exitCode: number; stdout: string; stderr: string}>) => {
	const counter = await startTraffic(sandbox, 20);
	const ran = await work();
	const {restarts, directions, total, examples} = await counter.stop();
	const ways = Object.keys(directions).filter(direction => direction.startsWith('mysql'));
	return {
		ran, restarts: perComponent(restarts), accepted: ways.map(way => directions[way]!.accepted), total, examples,
	};
};

test.serial('until somebody answers for the MySQL clients, it ends before new leaves, with every TiDB trusting both CAs', async t => {
	const {ran, restarts, accepted, total, examples} = await underTraffic(async () => rotate(sandbox, ['--mysql', '--yes']));
	t.is(ran.exitCode, 1, ran.stderr);
	t.regex(ran.stderr, /MySQL\/tidb\/clients-ca: MySQL clients that verify the server /v);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [1]});
	t.true(accepted.length === 2 && accepted.every(count => count > 0));
	const now = await secretsOf(sandbox, 'mysql');
	t.deepEqual(Object.entries(now).map(([component, {serial, bundle}]) => [component, serial, bundle.length]), Object.entries(before).map(([component, {serial}]) => [component, serial, 2]));
});

test.serial('then it goes on to a new CA: two more restarts of TiDB alone, and no MySQL connection fails by a certificate', async t => {
	t.timeout(600_000);
	const {ran, restarts, accepted, total, examples} = await underTraffic(async () => rotate(sandbox, ['--mysql', '--retire-old-ca', ...handled, '--yes']));
	t.log(total, accepted);
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(accepted.every(count => count > 0));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [2]});
	const now = await secretsOf(sandbox, 'mysql');
	for (const [component, {serial, bundle}] of Object.entries(now)) {
		t.not(serial, before[component]!.serial, component);
		t.is(bundle.length, 1, component);
		t.notDeepEqual(bundle, before[component]!.bundle, component);
	}
});

test.serial('port 4000 serves the certificate of its Secret', async t => {
	const now = await secretsOf(sandbox, 'mysql');
	const served = await Promise.all(mysqlDoorsOf(sandbox).map(async door => servedLeaf(door, pairOf(now['tidb-client']!))));
	t.deepEqual(served.map(({serialNumber}) => serialNumber), [now['tidb-server']!.serial, now['tidb-server']!.serial]);
});

test.serial('the old client\'s certificate is rejected as one that nobody trusts is, the new one accepted', async t => {
	const now = await secretsOf(sandbox, 'mysql');
	const control = await makeControl();
	const pairs = {old: pairOf(before['tidb-client']!), control, present: pairOf(now['tidb-client']!)};
	const found = await Promise.all(Object.entries(pairs).map(async ([who, pair]) => [who, await Promise.all(mysqlDoorsOf(sandbox).map(async door => knock(door, pair)))]));
	t.deepEqual(Object.fromEntries(found), {old: ['rejected', 'rejected'], control: ['rejected', 'rejected'], present: ['accepted', 'accepted']});
});

test.serial('the same command again does nothing', async t => {
	const pods = await podUids(sandbox);
	const ran = await rotate(sandbox, ['--mysql', '--retire-old-ca', '--yes']);
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(ran.stdout + ran.stderr, /Nothing to do/v);
	t.deepEqual(await podUids(sandbox), pods);
});

test.serial('rollback --mysql takes it back, and no MySQL connection fails by a certificate', async t => {
	t.timeout(600_000);
	const {ran, total, examples} = await underTraffic(async () => rollback(sandbox, ['--mysql']));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	const now = await secretsOf(sandbox, 'mysql');
	t.deepEqual(Object.entries(now).map(([component, {texts}]) => [component, texts]), Object.entries(before).map(([component, {texts}]) => [component, texts]));
});

test.serial('--keep-ca renews the leaves with one restart of TiDB', async t => {
	t.timeout(300_000);
	const {ran, restarts, total, examples} = await underTraffic(async () => rotate(sandbox, ['--mysql', '--keep-ca', '--min-age', '0', '--yes']));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [1]});
});

test.serial('the certificates between the components are as they were', async t => {
	t.deepEqual(await secretsOf(sandbox), others);
});
