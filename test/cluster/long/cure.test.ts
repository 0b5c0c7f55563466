import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {doorsOf, nameOf, servedLeaf} from '../helpers/shake.ts';
import {
	applyAll,
	expired,
	makeCa,
	makeLeaves,
} from '../helpers/short-lived.ts';
import {certificatesIn, podUids, secretsOf} from '../helpers/state-of.ts';
import {kubectl} from '../helpers/product.ts';
import {notReady, ready} from '../helpers/watch.ts';

type Context = {place: Place};
const test = anyTest as TestFn<Context>;
const name = 'cure-test';
const basic = ['--cluster', 'basic', '--yes'];
const year = {expiry: '8760h', backdate: '5m'};

test.before(async t => {
	t.context = {place: await startPlace(name, ['--pd', '3', '--tikv', '1', '--tidb', '1', '--kubelet-delay', '1s-2s'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

/** The cluster is well: Ready, nothing expired, and every port serves the leaf of its Secret. */
const checkWell = async (t: ExecutionContext<Context>): Promise<void> => {
	const {place} = t.context;
	await ready(place);
	const secrets = await secretsOf(place);
	const {texts} = secrets.client!;
	const client = {cert: texts['tls.crt']!, key: texts['tls.key']!};
	for (const secret of Object.values(secrets)) {
		const all = [...certificatesIn(secret.texts['tls.crt']!), ...certificatesIn(secret.texts['ca.crt']!)];
		t.true(all.every(({validToDate}) => validToDate.getTime() > Date.now() + 86_400_000));
	}

	for (const door of doorsOf(place)) {
		const {serialNumber} = await servedLeaf(door, client);
		t.is(serialNumber, secrets[door.place.component]!.serial, nameOf(door));
	}
};

test.serial('expired leaves under a valid CA: rotate --keep-ca cures them, with the operator stuck', async t => {
	const {place} = t.context;
	await makeLeaves(place, {expiry: '10m', backdate: '9m30s'});
	await applyAll(place);
	await expired(place, 'tls.crt');
	t.log(`the operator is stuck: ${await notReady(place)}`);

	const refused = await call('rotate', place, basic);
	t.is(refused.status, 3, refused.stderr);
	t.regex(refused.stderr, /expired/v);
	t.regex(refused.stderr, /--keep-ca/v);

	const before = await podUids(place);
	const cured = await call('rotate', place, [...basic, '--keep-ca']);
	t.is(cured.status, 0, cured.stderr);
	t.deepEqual(Object.keys(await podUids(place)).toSorted(), Object.keys(before).toSorted());
	await checkWell(t);
});

test.serial('an expired CA: only issue --accept-outage replaces it, with the operator stuck', async t => {
	const {place} = t.context;
	await makeCa(place, {expiry: '10m', backdate: '9m15s'});
	await makeLeaves(place, year);
	await applyAll(place);
	await kubectl(place, ['delete', 'pod', '--namespace', place.namespace, '--all', '--wait=false']);
	await expired(place, 'ca.crt');
	t.log(`the operator is stuck: ${await notReady(place)}`);

	for (const args of [basic, [...basic, '--keep-ca']]) {
		const refused = await call('rotate', place, args);
		t.is(refused.status, 3, refused.stderr);
		t.regex(refused.stderr, /issue -- .*--accept-outage/v);
	}

	const unasked = await call('issue', place, basic);
	t.is(unasked.status, 3, unasked.stderr);
	t.regex(unasked.stderr, /--accept-outage/v);

	const issued = await call('issue', place, [...basic, '--accept-outage']);
	t.is(issued.status, 0, issued.stderr);
	await checkWell(t);
});
