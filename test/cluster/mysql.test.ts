import test from 'ava';
import {pairOf} from './helpers/agree.ts';
import {
	handled,
	rotateMysql,
	textsOf,
	underTraffic,
} from './helpers/mysql.ts';
import {look, rollback} from './helpers/product.ts';
import {startSandbox, stopSandbox, type TestSandbox} from './helpers/sandbox.ts';
import {
	knock,
	makeControl,
	mysqlDoorsOf,
	servedLeaf,
} from './helpers/shake.ts';
import {podUids, type SecretState, secretsOf} from './helpers/state-of.ts';

/* One cluster whose real TiDBs have certificates for MySQL clients, who connect all the while; each test goes on from where the one before left it. */
let sandbox: TestSandbox;
let others: Record<string, SecretState>;
let before: Record<string, SecretState>;

const name = 'mysql-test';
test.before(async t => {
	t.timeout(300_000);
	sandbox = await startSandbox(name, ['--pd', '1', '--tikv', '1', '--tidb', '2', '--mysql']);
	[others, before] = await Promise.all([secretsOf(sandbox), secretsOf(sandbox, 'mysql')]);
});

test.after.always(async () => {
	await stopSandbox(name);
});

test.serial('until somebody answers for the MySQL clients, it ends before new leaves, with every TiDB trusting both CAs', async t => {
	const {ran, restarts, accepted, total, examples} = await underTraffic(sandbox, async () => rotateMysql(sandbox, []));
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
	const {ran, restarts, accepted, total, examples} = await underTraffic(sandbox, async () => rotateMysql(sandbox, ['--retire-old-ca', ...handled]));
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

type Port = {component: string; port: number; proofs: Record<string, {result: string}>};

// Of the last second alone: of what the rotation's gates leave in TiDB's log, verify matches only a part.
test.serial('verify --mysql finds nothing, older log lines apart, and sees that port 4000 takes our client certificate and rejects a stranger\'s', async t => {
	const ran = await look('verify', sandbox, ['--mysql', '--since', '1s', '--output', 'json']);
	t.is(ran.exitCode, 0, `${ran.stdout}${ran.stderr}`);
	const {ports} = JSON.parse(ran.stdout) as {ports: Port[]};
	const doors = ports.filter(({port}) => port === 4000);
	t.deepEqual(doors.map(({component, proofs}) => [component, proofs.served!.result, proofs.clients!.result]), Array.from({length: 2}, () => ['tidb-server', 'yes', 'yes']));
});

test.serial('status --mysql knows the side\'s Secrets and that it is at rest', async t => {
	const ran = await look('status', sandbox, ['--mysql', '--output', 'json']);
	t.is(ran.exitCode, 0, `${ran.stdout}${ran.stderr}`);
	const {clusters} = JSON.parse(ran.stdout) as {clusters: Array<{position: {name: string}; secrets: Array<{name: string}>}>};
	t.deepEqual(clusters.map(({position, secrets}) => [position.name, secrets.map(({name: secret}) => secret)]), [['at rest', ['basic-tidb-server-secret', 'basic-tidb-client-secret']]]);
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
	const ran = await rotateMysql(sandbox, ['--retire-old-ca']);
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(ran.stdout + ran.stderr, /Nothing to do/v);
	t.deepEqual(await podUids(sandbox), pods);
});

test.serial('rollback --mysql takes it back, and no MySQL connection fails by a certificate', async t => {
	t.timeout(600_000);
	const {ran, total, examples} = await underTraffic(sandbox, async () => rollback(sandbox, ['--mysql']));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	const now = await secretsOf(sandbox, 'mysql');
	t.deepEqual(textsOf(now), textsOf(before));
});

test.serial('--keep-ca --reload renews the leaves, and no pod is restarted', async t => {
	t.timeout(300_000);
	const {ran, restarts, total, examples} = await underTraffic(sandbox, async () => rotateMysql(sandbox, ['--keep-ca', '--min-age', '0', '--reload', '--mysql-user', 'root', '--probe']));
	t.is(ran.exitCode, 0, ran.stderr);
	// The probe stops a run whose ports refuse the side's own client.
	t.regex(ran.stderr, /Probe: [1-9]\d* mTLS connections through port-forward, [1-9]\d* accepted, 0 certificate failures/v);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [0]});
});

test.serial('the certificates between the components are as they were', async t => {
	t.deepEqual(await secretsOf(sandbox), others);
});
