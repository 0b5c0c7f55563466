import anyTest, {type TestFn} from 'ava';
import {
	killedAt,
	onceEach,
	same,
	succeeded,
	undisturbed,
	watched,
} from '../../kill/cluster.ts';
import {openReaper, type Reaper} from '../../kill/reaper.ts';
import {startPlace, stopPlace, type Place} from '../helpers/place.ts';
import {rollback, rotate} from '../helpers/product.ts';
import {
	type CaState,
	caStateOf,
	endSoon,
	renewed,
} from '../helpers/renewed-ca.ts';
import {runRunbook} from '../helpers/runbook.ts';
import {podUids} from '../helpers/state-of.ts';

/* One cluster of stand-ins whose CA ends before its leaves would; each test leaves it as it was. */
type Context = {place: Place; reaper: Reaper; before: CaState};

const test = anyTest as TestFn<Context>;
const name = 'renew-ca-test';
const wish = ['--renew-ca', '--reason', 'expiry', '--min-age', '0'];

test.before(async t => {
	t.timeout(300_000);
	const place = await startPlace(name, [...onceEach, '--verify-cn']);
	await endSoon(place);
	t.context = {place, reaper: await openReaper(place), before: await caStateOf(place)};
});

test.after.always(async t => {
	await t.context.reaper?.close();
	await stopPlace(name);
});

test.serial('a dry run tells what each way costs, shows the command, and changes nothing', async t => {
	const {place, before} = t.context;
	const ran = await rotate(place, [...wish, '--dry-run']);
	const {stdout} = ran;
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(stdout, /^→ --renew-ca .* 1 restart of each pod .*nothing that restarts less will do$/mv);
	t.regex(stdout, /^✗ --keep-ca .* the CA ends at /mv);
	t.regex(stdout, /! cfssl gencert -renewca -ca ca\.pem -ca-key ca-key\.pem \| cfssljson -bare ca$/mv);
	t.deepEqual(await caStateOf(place), before);
});

for (const [title, args, words] of [
	['with a stolen key', ['--renew-ca', '--reason', 'compromised'], /would give it a longer life; nothing was changed/v],
	['by leaves alone', ['--keep-ca', '--min-age', '0', '--yes'], /longer than their CA[\s\S]*--renew-ca/v],
] as const) {
	test.serial(`${title} it is refused: exit status 3, and nothing is changed`, async t => {
		const {place, before} = t.context;
		const ran = await rotate(place, [...args]);
		t.is(ran.exitCode, 3, ran.stderr);
		t.regex(ran.stderr, words);
		t.deepEqual(await caStateOf(place), before);
	});
}

test.serial('--reason compromised --retire-old-ca lists what the key signed and where it lies', async t => {
	const {place} = t.context;
	const ran = await rotate(place, ['--reason', 'compromised', '--retire-old-ca', '--dry-run']);
	const {stdout} = ran;
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(stdout, /counts as stolen\.$/mv);
	t.regex(stdout, /Secret\/\S+\/basic-tikv-cluster-secret, \S+\/tikv-server\.pem/v);
	t.regex(stdout, /^Copies of the key lie here: \S+\/ca-key\.pem$/mv);
});

test.serial('one restart of each pod brings the CA a longer life, and no connection fails by a certificate; the way back brings all as it was', async t => {
	t.timeout(600_000);
	const {place, before} = t.context;
	const seen = await watched(place, async () => {
		const there = await rotate(place, [...wish, '--yes']);
		t.is(there.exitCode, 0, there.stderr);
		t.regex(there.stderr, /handshake and restart/v);
		t.regex(there.stderr, /^The CA has a longer life, until \d{4}-\S+Z, and the key that it had\. The leaves stay, /mv);
		t.log(`renewed in ${there.seconds} s`);
	});
	undisturbed(seen);
	t.log(seen.traffic.total);
	t.deepEqual([...new Set(Object.values(seen.restarts))], [1], JSON.stringify(seen.restarts));
	await renewed(t, place, before);
	const again = await rotate(place, ['--renew-ca', '--yes']);
	t.is(again.exitCode, 0, again.stderr);
	t.regex(again.stderr, /Nothing to do/v);
	const back = await watched(place, async () => {
		const ran = await rollback(place);
		t.is(ran.exitCode, 0, ran.stderr);
	});
	undisturbed(back);
	t.deepEqual([...new Set(Object.values(back.restarts))], [1], JSON.stringify(back.restarts));
	const after = await caStateOf(place);
	t.deepEqual(after.all, before.all);
});

/* The certificate made and no Secret written; one Secret written; PD asked to restart; TiKV restarted. */
const points = ['after step renew.ca', 'after apply basic-pd-cluster-secret @ renew.apply', 'after patch pd @ renew.restart.pd', 'after step renew.rolled.tikv'] as const;

for (const point of points) {
	test.serial(`killed ${point}: only the way on and the way back are open, and the way on ends with one restart of each pod`, async t => {
		t.timeout(600_000);
		const {place, reaper, before} = t.context;
		await reaper.forget();
		const seen = await watched(place, async () => {
			killedAt(`one ${point}`, await reaper.run(`one ${point}`, wish));
			const other = await rotate(place, ['--min-age', '0', '--yes']);
			t.is(other.exitCode, 3, other.stderr);
			t.regex(other.stderr, /is being made anew[\s\S]*--renew-ca; or go back: npm run rollback/v);
			succeeded('the run that goes on', await reaper.run('record', ['--renew-ca']));
		});
		undisturbed(seen);
		same('restarts', [...new Set(Object.values(seen.restarts))], [1]);
		await renewed(t, place, before);
		const back = await rollback(place);
		t.is(back.exitCode, 0, back.stderr);
		const after = await caStateOf(place);
		t.deepEqual(after.all, before.all);
	});

	test.serial(`killed ${point} and rolled back, everything is as before, and no connection fails by a certificate`, async t => {
		t.timeout(600_000);
		const {place, reaper, before} = t.context;
		await reaper.forget();
		const seen = await watched(place, async () => {
			killedAt(`one ${point}`, await reaper.run(`one ${point}`, wish));
			const back = await rollback(place);
			t.is(back.exitCode, 0, back.stderr);
		});
		undisturbed(seen);
		const after = await caStateOf(place);
		t.deepEqual(after.all, before.all);
	});
}

test.serial('the runbook does the same with one restart of each pod, and run once more it stops before it changes anything', async t => {
	t.timeout(600_000);
	const {place, before} = t.context;
	const seen = await watched(place, async () => {
		const ran = await runRunbook(place, ['--renew-ca'], {env: {MIN_AGE: '0'}});
		t.is(ran.status, 0, ran.stderr);
	});
	undisturbed(seen);
	t.deepEqual([...new Set(Object.values(seen.restarts))], [1], JSON.stringify(seen.restarts));
	await renewed(t, place, before);
	const pods = await podUids(place);
	const again = await runRunbook(place, ['--renew-ca']);
	t.is(again.status, 1);
	t.regex(again.stderr, /STOPPED: old_enough ca\.pem/v);
	t.deepEqual(await podUids(place), pods);
});
