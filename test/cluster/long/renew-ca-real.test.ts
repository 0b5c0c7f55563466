import anyTest, {type TestFn} from 'ava';
import {startPlace, stopPlace, type Place} from '../helpers/place.ts';
import {rollback, rotate} from '../helpers/product.ts';
import {
	type CaState,
	caStateOf,
	endSoon,
	renewed,
} from '../helpers/renewed-ca.ts';
import {startTraffic} from '../helpers/traffic.ts';

/* Real PD and TiDB, few of them. */
const test = anyTest as TestFn<{place: Place; before: CaState}>;
const name = 'renew-ca-real';
const rate = 100;

test.before(async t => {
	t.timeout(300_000);
	const place = await startPlace(name, ['--pd', '3', '--tikv', '1', '--tidb', '1']);
	await endSoon(place);
	t.context = {place, before: await caStateOf(place)};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.serial('on real parts one restart of each pod brings the CA a longer life, the old leaves verify, and no connection fails by a certificate', async t => {
	t.timeout(600_000);
	const {place, before} = t.context;
	const counter = await startTraffic(place, rate);
	const ran = await rotate(place, ['--renew-ca', '--reason', 'expiry', '--min-age', '0', '--probe', '--yes']);
	const {total, restarts, examples} = await counter.stop();
	t.log(`renewed in ${ran.seconds} s`, total);
	t.is(ran.exitCode, 0, ran.stderr);
	t.deepEqual([...new Set(Object.values(restarts))], [1], JSON.stringify(restarts));
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(total.accepted > 1000);
	t.regex(ran.stderr, /^Probe: \d+ mTLS connections through port-forward, \d+ accepted, 0 certificate failures$/mv);
	await renewed(t, place, before);
});

test.serial('and the way back leads to the certificate from before', async t => {
	t.timeout(600_000);
	const {place, before} = t.context;
	const counter = await startTraffic(place, rate);
	const back = await rollback(place);
	const {total, restarts, examples} = await counter.stop();
	t.log(`back in ${back.seconds} s`, total);
	t.is(back.exitCode, 0, back.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual([...new Set(Object.values(restarts))], [1], JSON.stringify(restarts));
	const after = await caStateOf(place);
	t.deepEqual(after.all, before.all);
});
