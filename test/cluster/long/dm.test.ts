import path from 'node:path';
import anyTest, {type TestFn} from 'ava';
import {dmOf} from '../../sandbox/state.ts';
import {
	endAccident,
	keepAll,
	leaves,
	namedBy,
} from '../helpers/accident.ts';
import {documentFiles} from '../helpers/agree.ts';
import {startPlace, stopPlace, type Place} from '../helpers/place.ts';
import {look, rollback, rotate} from '../helpers/product.ts';
import {countRestarts} from '../helpers/restart-count.ts';
import {runRunbook} from '../helpers/runbook.ts';
import {startTraffic} from '../helpers/traffic.ts';

/*
A DMCluster of stand-ins beside a TidbCluster, with a CA and a cluster folder of its own: the same commands, with `--kind dm`. Each test goes on
from where the one before left it.
*/
const test = anyTest as TestFn<{place: Place; dm: Place}>;
const name = 'dm-test';
const asDm = ['--kind', 'dm'];
const pods = ['dm-dm-master-0', 'dm-dm-master-1', 'dm-dm-master-2', 'dm-dm-worker-0', 'dm-dm-worker-1', 'dm-dm-worker-2'];

test.before(async t => {
	t.timeout(300_000);
	const place = await startPlace(name, ['--profile', 'light', '--pd', '1', '--tikv', '1', '--tidb', '1', '--dm', '3']);
	t.context = {place, dm: {...place, ...dmOf(place), folder: path.join(place.env.TIDB_CLUSTERS!, 'dm')}};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.serial('a rotation with retiring restarts each master and each worker three times, as it announced, and no connection fails by a certificate', async t => {
	t.timeout(600_000);
	const {place, dm} = t.context;
	const before = await leaves(dm);
	const planned = await rotate(dm, [...asDm, '--retire-old-ca', '--dry-run']);
	t.is(planned.exitCode, 0, planned.stderr);
	const restarts = await countRestarts(dm);
	const others = await countRestarts(place);
	const counter = await startTraffic(place, 20);
	const ran = await rotate(dm, [...asDm, '--retire-old-ca', '--yes']);
	const {total, directions, examples} = await counter.stop();
	t.log(total);
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	for (const component of ['dm-master', 'dm-worker']) {
		t.true(Object.entries(directions).some(([direction, {accepted}]) => direction.includes(`→ ${component} `) && accepted > 0), `${component} is called`);
		t.is(planned.stdout.split(`ask the operator to restart ${component}\n`).length - 1, 3, `restarts of ${component}`);
	}

	const [own, beside] = [await restarts.stop(), await others.stop()];
	const thrice = Object.fromEntries(pods.map(pod => [pod, 3]));
	t.deepEqual(own, thrice);
	t.deepEqual(Object.values(beside).filter(count => count > 0), [], 'the TidbCluster is left alone');
	const now = await leaves(dm);
	t.is(Object.keys(now).length, Object.keys(before).length);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
});

test.serial('its folder has the documents\' files then', async t => {
	t.deepEqual(await documentFiles(t.context.dm), [
		'ca-config.json',
		'ca-csr.json',
		'ca-key.pem',
		'ca.pem',
		...['client', 'dm-master-server', 'dm-worker-server'].flatMap(leaf => [`${leaf}-key.pem`, `${leaf}.json`, `${leaf}.pem`]),
	]);
});

test.serial('verify finds nothing then', async t => {
	const ran = await look('verify', t.context.dm, asDm);
	t.is(ran.exitCode, 0, `${ran.stdout}${ran.stderr}`);
});

test.serial('status says what it is, and that nothing is under way', async t => {
	const ran = await look('status', t.context.dm, asDm);
	t.is(ran.exitCode, 0, `${ran.stdout}${ran.stderr}`);
	t.regex(ran.stdout, /^DMCluster dm in namespace tidb: /mv);
});

test.serial('without --kind there is no such cluster', async t => {
	const ran = await rotate(t.context.dm, ['--dry-run']);
	t.is(ran.exitCode, 2);
	t.regex(ran.stderr, /there is no TidbCluster dm /v);
});

test.serial('the trust gate names each pod that only looks restarted, no new leaf is written, and the way back ends where it began', async t => {
	t.timeout(900_000);
	const {dm} = t.context;
	const before = await leaves(dm);
	const kept = ['dm-dm-master-1', 'dm-dm-worker-0'];
	await keepAll(dm, kept);
	const ran = await rotate(dm, [...asDm, '--yes', '--min-age', '0']);
	t.is(ran.exitCode, 1, ran.stderr);
	t.regex(ran.stderr, /npm run rotate -- --cluster dm --kind dm/v);
	for (const pod of kept) {
		t.true(namedBy(ran.stderr, pod).length > 0, `${pod} is named: ${ran.stderr}`);
	}

	t.deepEqual(await leaves(dm), before);
	await Promise.all(kept.map(async pod => endAccident(dm, pod)));
	const back = await rollback(dm, asDm);
	t.is(back.exitCode, 0, back.stderr);
	t.deepEqual(await leaves(dm), before);
});

test.serial('the printed runbook does the same by bash alone', async t => {
	t.timeout(600_000);
	const {dm, place} = t.context;
	const before = await leaves(dm);
	const counter = await startTraffic(place, 20);
	const ran = await runRunbook(dm, [...asDm, '--components', 'dm-master,dm-worker', '--retire-old-ca'], {env: {MIN_AGE: '0'}});
	const {total, examples} = await counter.stop();
	t.is(ran.status, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	const now = await leaves(dm);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
});
