import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import type {Report} from '../traffic/counter.ts';
import {fingerprintsIn, serialsByComponent} from './helpers/agree.ts';
import {certificatesOf, isReady} from './helpers/cert-manager.ts';
import {
	call,
	type Ended,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {few} from './helpers/sandbox.ts';
import {podUids, secretsOf} from './helpers/state-of.ts';
import {startTraffic} from './helpers/traffic.ts';
import {wrapKubectl} from './helpers/wrap-kubectl.ts';

/* One cluster of stand-ins whose certificates cert-manager issues; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'cert-manager-routes-test';
const own = ['basic-ca', 'basic-cluster-client-secret', 'basic-pd-cluster-secret', 'basic-tidb-cluster-secret', 'basic-tikv-cluster-secret'];

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: await startPlace(name, [...few, '--issuer', 'cert-manager'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

const rotate = async (place: Place, args: string[], env: Record<string, string> = {}): Promise<Ended> =>
	call('rotate', place, ['--cluster', place.cluster, '--yes', '--min-age', '0', ...args], {env, timeout: 540_000});

/** Rotates while connections are made in every direction. */
const counted = async (t: ExecutionContext<{place: Place}>, args: string[]): Promise<Ended & {traffic: Report}> => {
	const counter = await startTraffic(t.context.place, 20);
	const ran = await rotate(t.context.place, args);
	const traffic = await counter.stop();
	t.log(traffic.total);
	t.is(ran.status, 0, ran.stderr);
	return {...ran, traffic};
};

/** Secrets, folder and served certificates agree by serial, and none is one of before. */
const allAnew = async (t: ExecutionContext<{place: Place}>, before: Awaited<ReturnType<typeof secretsOf>>): Promise<void> => {
	for (const [component, serials] of Object.entries(await serialsByComponent(t.context.place))) {
		t.is(new Set(Object.values(serials)).size, 1, `${component}: ${JSON.stringify(serials)}`);
		t.not(serials.secret, before[component]!.serial, component);
	}
};

/** The documents' Certificates, each Ready, and no other. */
const certificatesAtRest = async (t: ExecutionContext<{place: Place}>): Promise<void> => {
	const certificates = await certificatesOf(t.context.place);
	t.deepEqual(Object.keys(certificates).toSorted(), own);
	t.deepEqual(Object.values(certificates).filter(certificate => !isReady(certificate)), []);
};

for (const how of [[], ['--as-documented']]) {
	test.serial(`${['--keep-ca', ...how].join(' ')}: every pod serves a new leaf of the same CA without a restart, and no connection fails by a certificate`, async t => {
		const before = await secretsOf(t.context.place);
		const {traffic} = await counted(t, ['--keep-ca', ...how]);
		t.is(traffic.total.certificateErrors, 0, JSON.stringify(traffic.examples));
		t.true(traffic.total.accepted > 0);
		t.deepEqual([...new Set(Object.values(traffic.restarts))], [0], JSON.stringify(traffic.restarts));
		await allAnew(t, before);
		const after = await secretsOf(t.context.place);
		t.deepEqual(Object.values(after).map(({bundle}) => bundle), Object.values(before).map(({bundle}) => bundle));
		await certificatesAtRest(t);
	});
}

test.serial('a new CA without an outage: the old one is retired, the documents\' Certificates are back, and no connection fails by a certificate', async t => {
	t.timeout(600_000);
	const before = await secretsOf(t.context.place);
	const {traffic} = await counted(t, []);
	t.is(traffic.total.certificateErrors, 0, JSON.stringify(traffic.examples));
	t.true(traffic.total.accepted > 0);
	t.deepEqual([...new Set(Object.values(traffic.restarts))], [3], JSON.stringify(traffic.restarts));
	await allAnew(t, before);
	const ca = await fingerprintsIn(t.context.place, 'ca.pem');
	t.is(ca.length, 1);
	const after = await secretsOf(t.context.place);
	for (const [component, {bundle}] of Object.entries(after)) {
		t.deepEqual(bundle, ca, component);
		t.notDeepEqual(bundle, before[component]!.bundle, component);
	}

	await certificatesAtRest(t);
});

test.serial('a new CA by the documents is an outage, and refused where nobody has agreed to one', async t => {
	const {place} = t.context;
	const [before, pods] = [await secretsOf(place), await podUids(place)];
	const ran = await rotate(place, ['--as-documented']);
	t.is(ran.status, 3, ran.stderr);
	t.regex(ran.stderr, /--accept-outage/v);
	t.deepEqual(await secretsOf(place), before);
	t.deepEqual(await podUids(place), pods);
});

test.serial('--as-documented --accept-outage: a new CA, with the outage that is expected said before and the one that was measured after', async t => {
	t.timeout(600_000);
	const before = await secretsOf(t.context.place);
	const {traffic, ...ran} = await counted(t, ['--as-documented', '--accept-outage']);
	const [expected, measured] = [/^Expected: about .*$/mv.exec(ran.stderr), /^The outage was at most .*$/mv.exec(ran.stderr)];
	t.log(expected?.[0], measured?.[0]);
	t.true((expected?.index ?? Infinity) < (measured?.index ?? -1), ran.stderr);
	t.true(traffic.total.certificateErrors > 0, 'the counter sees what an outage is');
	t.deepEqual([...new Set(Object.values(traffic.restarts))], [1], JSON.stringify(traffic.restarts));
	await allAnew(t, before);
	const after = await secretsOf(t.context.place);
	t.deepEqual(Object.values(after).filter(({bundle}, index) => bundle.length !== 1 || bundle[0] === Object.values(before)[index]!.bundle[0]), []);
	await certificatesAtRest(t);
});

test.serial('by the documents, a kubectl that waits for ever for pods that have their successors is ended, and the run goes on', async t => {
	t.timeout(600_000);
	const {place} = t.context;
	const before = await secretsOf(place);
	const kubectl = await wrapKubectl(place, 'case "$*" in delete*" pod "*) "$real" "$@" --wait=false; exec sleep 3600;; esac');
	t.teardown(kubectl.close);
	const ran = await rotate(place, ['--as-documented', '--accept-outage'], kubectl.env);
	t.is(ran.status, 0, ran.stderr);
	t.is(ran.stderr.match(/ended by this run: what the command waits for has come/gv)?.length, 3, ran.stderr);
	await allAnew(t, before);
	await certificatesAtRest(t);
});
