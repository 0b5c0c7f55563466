import anyTest, {type TestFn} from 'ava';
import {leaves} from '../helpers/accident.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {rotate} from '../helpers/product.ts';
import {countRestarts} from '../helpers/restart-count.ts';
import {runRunbook} from '../helpers/runbook.ts';
import {startTraffic} from '../helpers/traffic.ts';

/* A real PD that leaves work to its microservices, which are real as well; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'microservices-test';

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: await startPlace(name, ['--pd', '2', '--tikv', '1', '--tidb', '1', '--tso', '2', '--scheduling', '1'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

/** Each pod is restarted so often. */
const each = (times: number): Record<string, number> => Object.fromEntries(['pd-0', 'pd-1', 'scheduling-0', 'tidb-0', 'tikv-0', 'tso-0', 'tso-1'].map(pod => [`basic-${pod}`, times]));

/** Counts restarts and connections while something is done. */
const watched = async (place: Place, work: () => Promise<void>) => {
	const restarts = await countRestarts(place);
	const counter = await startTraffic(place, 20);
	await work();
	const {total, directions, examples} = await counter.stop();
	return {
		total, directions, examples, counted: await restarts.stop(),
	};
};

test.serial('a rotation with retiring restarts PD\'s microservices as it does the others, and no connection fails by a certificate', async t => {
	t.timeout(900_000);
	const {place} = t.context;
	const before = await leaves(place);
	const {total, directions, examples, counted} = await watched(place, async () => {
		const ran = await rotate(place, ['--retire-old-ca', '--yes']);
		t.is(ran.exitCode, 0, ran.stderr);
	});
	t.log(total);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(['pd → tso 2379', 'tso → pd 2379', 'client → scheduling 2379'].filter(direction => directions[direction]!.accepted === 0), []);

	t.deepEqual(counted, each(3));
	const now = await leaves(place);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
});

test.serial('verify finds nothing then', async t => {
	const ran = await call('verify', t.context.place, ['--cluster', 'basic']);
	t.is(ran.status, 0, `${ran.stdout}${ran.stderr}`);
});

test.serial('so does the runbook, when their annotations are there already', async t => {
	t.timeout(900_000);
	const {place} = t.context;
	const {total, examples, counted} = await watched(place, async () => {
		const ran = await runRunbook(place, ['--components', 'pd,tikv,tidb,tso,scheduling', '--retire-old-ca'], {env: {MIN_AGE: '0'}, timeout: 900_000});
		t.is(ran.status, 0, ran.stderr);
	});
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(counted, each(3));
});
