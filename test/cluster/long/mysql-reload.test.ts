import {mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import which from 'which';
import {bySql} from '../../../src/observe/sql.ts';
import {pairOf} from '../helpers/agree.ts';
import {
	handled,
	rotateMysql,
	textsOf,
	underTraffic,
} from '../helpers/mysql.ts';
import {rollback} from '../helpers/product.ts';
import {printRunbook, runScript} from '../helpers/runbook.ts';
import {startSandbox, stopSandbox, type TestSandbox} from '../helpers/sandbox.ts';
import {
	knock,
	makeControl,
	mysqlDoorsOf,
	servedLeaf,
} from '../helpers/shake.ts';
import {podUids, type SecretState, secretsOf} from '../helpers/state-of.ts';

/*
Real TiDBs that take certificates up by ALTER INSTANCE RELOAD TLS, while MySQL clients connect with certificates and with passwords; each test
goes on from where the one before left it.
*/
let sandbox: TestSandbox;
let before: Record<string, SecretState>;
let pods: Record<string, string>;
let login: string[];

const name = 'mysql-reload-test';
const withMysql = await which('mysql', {nothrow: true}) === null ? test.serial.skip : test.serial;

/** Somebody who may have TiDB read its files again, and somebody who may not; an account that needs a certificate, and others that do not. */
const accounts = [
	'CREATE USER rotate IDENTIFIED BY \'a "b\'\' c\'',
	'GRANT SUPER ON *.* TO rotate',
	'GRANT SELECT ON mysql.global_priv TO rotate',
	'CREATE USER nobody',
	'CREATE USER app REQUIRE X509',
	'CREATE USER encrypted REQUIRE SSL',
];

test.before(async t => {
	t.timeout(300_000);
	sandbox = await startSandbox(name, ['--pd', '1', '--tikv', '1', '--tidb', '2', '--mysql']);
	before = await secretsOf(sandbox, 'mysql');
	pods = await podUids(sandbox);
	// Each of the sandbox's TiDBs has a storage of its own, and so its own accounts.
	for (const pod of ['basic-tidb-0', 'basic-tidb-1']) {
		await bySql({
			namespace: sandbox.namespace, pod, env: sandbox.env, login: {user: 'root'}, cas: [before['tidb-server']!.texts['ca.crt']!], pair: pairOf(before['tidb-client']!),
		}, async query => {
			for (const statement of accounts) {
				await query(statement);
			}
		});
	}

	const folder = await mkdtemp(`${tmpdir()}/password-`);
	const file = path.join(folder, 'password');
	await writeFile(file, 'a "b\' c\n', {mode: 0o600});
	login = ['--reload', '--mysql-user', 'rotate', '--mysql-password-file', file];
});

test.after.always(async () => {
	await stopSandbox(name);
});

test.serial('an account that may not do it, or that is not let in, is refused before anything is changed', async t => {
	const denied = await rotateMysql(sandbox, ['--reload', '--mysql-user', 'nobody']);
	t.is(denied.exitCode, 3, denied.stderr);
	t.regex(denied.stderr, /basic-tidb-0 by SQL: Access denied; you need \(at least one of\) the SUPER privilege/v);
	t.regex(denied.stderr, /basic-tidb-1 by SQL/v);
	const wrong = await rotateMysql(sandbox, ['--reload', '--mysql-user', 'rotate']);
	t.is(wrong.exitCode, 3, wrong.stderr);
	t.regex(wrong.stderr, /Access denied for user 'rotate'/v);
	t.deepEqual(textsOf(await secretsOf(sandbox, 'mysql')), textsOf(before));
});

test.serial('an account that needs a certificate stops it before the old CA goes: new leaves are served by then, and nobody was restarted or refused', async t => {
	const {ran, restarts, accepted, total, examples} = await underTraffic(sandbox, async () => rotateMysql(sandbox, [...login, '--retire-old-ca', ...handled]));
	t.is(ran.exitCode, 1, ran.stderr);
	t.regex(ran.stderr, /MySQL\/tidb\/app@%: clients that log in as app@% \(REQUIRE X509\) need a certificate of the new CA/v);
	t.notRegex(ran.stderr, /encrypted@%/v);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(accepted.length === 2 && accepted.every(count => count > 0));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [0]});
	const now = await secretsOf(sandbox, 'mysql');
	t.is(now['tidb-server']!.bundle.length, 2);
	const served = await Promise.all(mysqlDoorsOf(sandbox).map(async door => servedLeaf(door, pairOf(now['tidb-client']!))));
	t.deepEqual(served.map(({serialNumber}) => serialNumber), [now['tidb-server']!.serial, now['tidb-server']!.serial]);
});

test.serial('the old client\'s certificate is taken until then', async t => {
	const verdicts = await Promise.all(mysqlDoorsOf(sandbox).map(async door => knock(door, pairOf(before['tidb-client']!))));
	t.deepEqual(verdicts, ['accepted', 'accepted']);
});

test.serial('answered for, the old CA goes by a third reload, and nobody is refused by its certificate', async t => {
	const {ran, restarts, total, examples} = await underTraffic(sandbox, async () => rotateMysql(sandbox, [...login, '--retire-old-ca', ...handled, '--i-have-handled', 'app@%']));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [0]});
	t.regex(ran.stderr, /Ssl_server_not_after: /v);
});

test.serial('the old client\'s certificate is rejected then, as one that nobody trusts is', async t => {
	const now = await secretsOf(sandbox, 'mysql');
	const pairs = {old: pairOf(before['tidb-client']!), control: await makeControl(), present: pairOf(now['tidb-client']!)};
	const found = await Promise.all(Object.entries(pairs).map(async ([who, pair]) => [who, await Promise.all(mysqlDoorsOf(sandbox).map(async door => knock(door, pair)))]));
	t.deepEqual(Object.fromEntries(found), {old: ['rejected', 'rejected'], control: ['rejected', 'rejected'], present: ['accepted', 'accepted']});
});

test.serial('the journal tells what was said by SQL, and no password', async t => {
	const journal = await readFile(path.join(sandbox.folder, 'mysql', 'journal.ndjson'), 'utf8');
	t.regex(journal, /by SQL: ALTER INSTANCE RELOAD TLS/v);
	t.notRegex(journal, /a \\?"b/v);
});

test.serial('rollback --reload takes it back, byte for byte, and nobody is restarted or refused', async t => {
	const {ran, restarts, total, examples} = await underTraffic(sandbox, async () => rollback(sandbox, ['--mysql', ...login]));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [0]});
	t.deepEqual(textsOf(await secretsOf(sandbox, 'mysql')), textsOf(before));
});

withMysql('the runbook does it as well, without a restart (needs mysql on PATH)', async t => {
	const {namespace} = sandbox;
	const script = await printRunbook(sandbox, ['--mysql', ...login, '--retire-old-ca']);
	const {ran, restarts, total, examples} = await underTraffic(sandbox, async () => runScript(sandbox, script, {
		env: {HANDLED: `MySQL/${namespace}/clients-ca MySQL/${namespace}/client-certificates`, MIN_AGE: '0'},
	}));
	t.is(ran.status, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [0]});
});

test.serial('what was taken up by reload is taken up by restart the next time', async t => {
	t.deepEqual(await podUids(sandbox), pods);
	const {ran, restarts, total, examples} = await underTraffic(sandbox, async () => rotateMysql(sandbox, ['--keep-ca', '--min-age', '0']));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(restarts, {pd: [0], tikv: [0], tidb: [1]});
});
