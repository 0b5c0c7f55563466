import anyTest, {type TestFn} from 'ava';
import {
	endAccident,
	keepAll,
	leaves,
	namedBy,
	restarted,
} from './helpers/accident.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {podUids} from './helpers/state-of.ts';

const test = anyTest as TestFn<{place: Place; before: Record<string, string>}>;
const name = 'accident-test';
const [pd, tikv, tidb] = ['basic-pd-1', 'basic-tikv-1', 'basic-tidb-0'] as const;
const arguments_ = ['--cluster', 'basic', '--yes'];

test.before(async t => {
	const place = await startPlace(name, ['--pd', '3', '--tikv', '2', '--tidb', '1']);
	t.context = {place, before: await leaves(place)};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.serial('the trust gate names each pod that only looks restarted, with port and evidence, and no new leaf is written', async t => {
	const {place, before} = t.context;
	const pods = await podUids(place);
	await keepAll(place, [pd, tikv, tidb]);
	const ran = await call('rotate', place, arguments_);
	t.is(ran.status, 1, ran.stderr);
	t.deepEqual(await restarted(place, pods), Object.keys(pods), 'Kubernetes shows every pod as restarted');
	for (const [pod, ports, evidence] of [
		[pd, [2379, 2380], /canary .* was rejected/v],
		[tikv, [20_160, 20_180], /canary .* was rejected|process 1 runs since|mounted in it is not/v],
		[tidb, [10_080], /accepts the control.*(?:process 1 runs since|mounted in it is not)/v],
	] as const) {
		const lines = namedBy(ran.stderr, pod);
		for (const port of ports) {
			t.true(lines.some(line => line.includes(`${pod} port ${port} `) && evidence.test(line)), `${pod} port ${port}: ${lines.join('\n')}`);
		}
	}

	const others = Object.keys(pods).filter(pod => pod !== pd && pod !== tikv && pod !== tidb);
	for (const pod of others) {
		t.deepEqual(namedBy(ran.stderr, pod), [], `${pod} was really restarted`);
	}

	t.regex(ran.stderr, /go on: npm run rotate -- --cluster basic/v);
	t.deepEqual(await leaves(place), before);
});

test.serial('after one of the processes was restarted the same command names only the others', async t => {
	const {place, before} = t.context;
	await endAccident(place, pd);
	const ran = await call('rotate', place, arguments_);
	t.is(ran.status, 1, ran.stderr);
	t.deepEqual(namedBy(ran.stderr, pd), []);
	t.true(namedBy(ran.stderr, tikv).length > 0);
	t.true(namedBy(ran.stderr, tidb).length > 0);
	t.deepEqual(await leaves(place), before);
});

test.serial('after all were restarted the same command goes on to the end', async t => {
	const {place, before} = t.context;
	await endAccident(place, tikv);
	await endAccident(place, tidb);
	const ran = await call('rotate', place, arguments_);
	t.is(ran.status, 0, ran.stderr);
	const now = await leaves(place);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
});
