import anyTest, {type TestFn} from 'ava';
import {placesOf} from '../../traffic/directions.ts';
import {pairOf} from '../helpers/agree.ts';
import {endAccident, keepAll, leaves} from '../helpers/accident.ts';
import {handled} from '../helpers/mysql.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {rollback, rotate} from '../helpers/product.ts';
import {countRestarts} from '../helpers/restart-count.ts';
import {servedLeaf} from '../helpers/shake.ts';
import {secretsOf} from '../helpers/state-of.ts';
import {startTraffic} from '../helpers/traffic.ts';

/*
A cluster of stand-ins with a TiProxy, whose layout is the legacy one, and TLS for MySQL clients: TiProxy has no Secret of its own, and uses the
cluster client's and TiDB's. Each test goes on from where the one before left it.
*/
const test = anyTest as TestFn<{place: Place}>;
const name = 'tiproxy-test';

test.before(async t => {
	t.timeout(300_000);
	t.context = {
		place: await startPlace(name, ['--profile', 'light', '--pd', '2', '--tikv', '1', '--tidb', '1', '--tiproxy', '1', '--mysql']),
	};
});

test.after.always(async () => {
	await stopPlace(name);
});

/** Runs a rotation while everybody connects, and resolves with how often each pod was restarted. */
const rotated = async (place: Place, args: string[]) => {
	const restarts = await countRestarts(place);
	const counter = await startTraffic(place, 20);
	const ran = await rotate(place, ['--yes', ...args]);
	const {total, directions, examples} = await counter.stop();
	return {
		ran, total, directions, examples, counted: await restarts.stop(),
	};
};

test.serial('a rotation with retiring restarts TiProxy as it does the others, and no connection fails by a certificate', async t => {
	t.timeout(600_000);
	const {ran, total, directions, examples, counted} = await rotated(t.context.place, ['--retire-old-ca']);
	t.log(total);
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(directions['tiproxy → pd 2379']!.accepted > 0);
	t.deepEqual(counted, {
		'basic-pd-0': 3, 'basic-pd-1': 3, 'basic-tidb-0': 3, 'basic-tikv-0': 3, 'basic-tiproxy-0': 3,
	});
});

test.serial('verify finds nothing then', async t => {
	const ran = await call('verify', t.context.place, ['--cluster', 'basic']);
	t.is(ran.status, 0, `${ran.stdout}${ran.stderr}`);
});

test.serial('of the MySQL side TiProxy is restarted before TiDB, three times, and serves TiDB\'s new certificate', async t => {
	t.timeout(600_000);
	const {place} = t.context;
	const {ran, total, directions, examples, counted} = await rotated(place, ['--mysql', '--retire-old-ca', ...handled]);
	t.log(total);
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(directions['mysql client → tiproxy 6000']!.accepted > 0);
	t.deepEqual(counted, {
		'basic-pd-0': 0, 'basic-pd-1': 0, 'basic-tidb-0': 3, 'basic-tikv-0': 0, 'basic-tiproxy-0': 3,
	});
	t.regex(ran.stderr, /restart tiproxy[\s\S]+restart tidb-server/v);
	const now = await secretsOf({...place, side: 'mysql'});
	const tiproxy = placesOf(place).find(({component}) => component === 'tiproxy')!;
	const served = await servedLeaf({place: tiproxy, port: 6000, speech: 'mysql'}, pairOf(now['tidb-client']!));
	t.is(served.serialNumber, now['tidb-server']!.serial);
});

test.serial('the trust gate names a TiProxy that only looks restarted, and no new leaf is written', async t => {
	t.timeout(600_000);
	const {place} = t.context;
	const before = await leaves(place);
	await keepAll(place, ['basic-tiproxy-0']);
	const ran = await rotate(place, ['--yes', '--min-age', '0']);
	t.is(ran.exitCode, 1, ran.stderr);
	t.regex(ran.stderr, /the gate before[\s\S]*basic-tiproxy-0: it has no port to ask, and the evidence by restart fails: its process 1 runs since/v);
	t.deepEqual(await leaves(place), before);
	await endAccident(place, 'basic-tiproxy-0');
});

test.serial('the way back restarts it again', async t => {
	t.timeout(600_000);
	const {place} = t.context;
	const restarts = await countRestarts(place);
	const ran = await rollback(place);
	t.is(ran.exitCode, 0, ran.stderr);
	const counted = await restarts.stop();
	t.is(counted['basic-tiproxy-0'], 1);
});
