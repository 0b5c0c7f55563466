import anyTest, {type TestFn} from 'ava';
import {
	endAccident,
	keepAll,
	leaves,
	namedBy,
	restarted,
} from '../helpers/accident.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {rotate} from '../helpers/product.ts';
import {countRestarts} from '../helpers/restart-count.ts';
import {podUids} from '../helpers/state-of.ts';
import {startTraffic} from '../helpers/traffic.ts';

/* One cluster with every component that has a certificate, all of them stand-ins; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'components-test';
const everyComponent = ['tso', 'scheduling', 'pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash'];

test.before(async t => {
	t.timeout(300_000);
	t.context = {
		place: await startPlace(name, ['--profile', 'light', ...everyComponent.flatMap(component => [`--${component}`, component === 'pd' ? '2' : '1'])]),
	};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.serial('a rotation with retiring restarts each pod of every component three times, as it announced, and no connection fails by a certificate in any direction', async t => {
	t.timeout(600_000);
	const {place} = t.context;
	const before = await leaves(place);
	const planned = await rotate(place, ['--retire-old-ca', '--dry-run']);
	t.is(planned.exitCode, 0, planned.stderr);
	const restarts = await countRestarts(place);
	const counter = await startTraffic(place, 20);
	const ran = await rotate(place, ['--retire-old-ca', '--yes']);
	const {total, directions, examples} = await counter.stop();
	const counted = await restarts.stop();
	t.log(total);
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(Object.entries(directions).filter(([, {accepted}]) => accepted === 0).map(([direction]) => direction), []);
	for (const component of everyComponent) {
		t.true(Object.keys(directions).some(direction => direction.includes(`→ ${component} `)), `${component} is called`);
		t.is(planned.stdout.split(`ask the operator to restart ${component}\n`).length - 1, 3, component);
	}

	t.deepEqual(counted, Object.fromEntries(Object.keys(counted).map(pod => [pod, 3])));
	t.is(Object.keys(counted).length, everyComponent.length + 1);
	const now = await leaves(place);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
});

test.serial('verify finds nothing then', async t => {
	const ran = await call('verify', t.context.place, ['--cluster', 'basic']);
	t.is(ran.status, 0, `${ran.stdout}${ran.stderr}`);
});

test.serial('the trust gate names each component\'s pod that only looks restarted, no new leaf is written, and the rotation goes on once they were restarted', async t => {
	t.timeout(900_000);
	const {place} = t.context;
	const before = await leaves(place);
	const pods = await podUids(place);
	const kept = everyComponent.map(component => `basic-${component}-0`);
	await keepAll(place, kept);
	const ran = await call('rotate', place, ['--cluster', 'basic', '--yes', '--min-age', '0']);
	t.is(ran.status, 1, ran.stderr);
	t.deepEqual(await restarted(place, pods), Object.keys(pods), 'Kubernetes shows every pod as restarted');
	for (const pod of kept) {
		t.true(namedBy(ran.stderr, pod).length > 0, `${pod} is named: ${ran.stderr}`);
	}

	t.deepEqual(namedBy(ran.stderr, 'basic-pd-1'), [], 'it was really restarted');
	t.deepEqual(await leaves(place), before);
	await Promise.all(kept.map(async pod => endAccident(place, pod)));
	const again = await call('rotate', place, ['--cluster', 'basic', '--yes']);
	t.is(again.status, 0, again.stderr);
	const now = await leaves(place);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
});
