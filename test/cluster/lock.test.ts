import {cp} from 'node:fs/promises';
import path from 'node:path';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {beginRotation} from './helpers/begin.ts';
import {holdKubectl} from './helpers/hold-kubectl.ts';
import {
	dropLease,
	holdElsewhere,
	isFree,
	leaseHolder,
	leaseTaken,
	renewElsewhere,
} from './helpers/lock.ts';
import {
	type Ended,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {kubectl} from './helpers/product.ts';
import {runRunbook} from './helpers/runbook.ts';
import {few} from './helpers/sandbox.ts';
import {secretsOf} from './helpers/state-of.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'lock-test';
/** A rotation of a few seconds, as often as one likes. */
const short = ['--keep-ca', '--components', 'tikv', '--min-age', '0'];
const elsewhere = 'anna@laptop pid 4711 start 8123456 on 3f2a9b1c-4026531836';
/** The first write of a Secret; the rehearsal asks with `--dry-run=server`. */
const firstApply = '"apply -f -"';

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: await startPlace(name, few)};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.afterEach(async t => {
	t.true(await isFree(t.context.place), 'Lease and folder are free after every test');
});

/** A rotation that stands still at a write, and what is done meanwhile. */
const meanwhile = async ({context: {place}}: ExecutionContext<{place: Place}>, deed: () => Promise<void>): Promise<Ended> => {
	// One that was stopped is finished first, so that there is a Secret to write again.
	await beginRotation(place, ['--keep-ca', '--components', 'tikv']).ended;
	const held = await holdKubectl(place, firstApply);
	try {
		const begun = beginRotation(place, short, held.env);
		try {
			await held.reached();
			await deed();
		} finally {
			await held.letGo();
		}

		return await begun.ended;
	} finally {
		await held.close();
	}
};

test.serial('a runbook that is started meanwhile stops', async t => {
	const {place} = t.context;
	const ran = await meanwhile(t, async () => {
		const runbook = await runRunbook(place, ['--keep-ca'], {env: {MIN_AGE: '0'}});
		t.not(runbook.status, 0);
		t.regex(runbook.stderr, /Lease basic-cert-rotate is held by \S[^\s@]*@\S+ pid \d.*: a rotation is under way/v);
	});
	t.is(ran.status, 0, ran.stderr);
});

test.serial('of two rotations that are started at once, one runs to its end, and the other is refused with holder and age', async t => {
	const {place} = t.context;
	const ends = await Promise.all([beginRotation(place, []).ended, beginRotation(place, []).ended]);
	const [done, refused] = ends.toSorted((one, other) => one.status - other.status) as [Ended, Ended];
	t.is(done.status, 0, done.stderr);
	t.is(refused.status, 3, refused.stderr);
	t.regex(refused.stderr, /in use for the rotation of basic in namespace tidb by \S[^\s@]*@\S+ pid \d+ start .* since .* \(\d+ (?:s|min)\); nothing was changed/v);
});

test.serial('a rotation from another folder is refused by the Lease with holder and age, and one that slept meanwhile goes on', async t => {
	const {place} = t.context;
	const copy = path.join(place.state, 'copy');
	await cp(place.folder, copy, {recursive: true});
	const first = beginRotation(place, short);
	const holder = await leaseTaken(place);
	first.kill('SIGSTOP');
	const second = await beginRotation(place, [...short, '--dir', copy]).ended;
	first.kill('SIGCONT');
	t.is(second.status, 3, second.stderr);
	t.true(second.stderr.includes(`Lease basic-cert-rotate in namespace tidb is held by ${holder} since `), second.stderr);
	t.regex(second.stderr, /since \S+ \(\d+ (?:s|min)\), renewed \S+: another run is at work on this cluster; nothing was changed/v);
	const ran = await first.ended;
	t.is(ran.status, 0, ran.stderr);
});

test.serial('when the holder was killed on this machine, the next run takes over at once and goes on', async t => {
	const {place} = t.context;
	const held = await holdKubectl(place, firstApply);
	const killed = beginRotation(place, short, held.env);
	await held.reached();
	killed.kill('SIGKILL');
	await killed.ended;
	await held.close();
	t.false(await isFree(place), 'it left both behind');
	const ran = await beginRotation(place, short).ended;
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /taking Lease basic-cert-rotate in namespace tidb over: its holder .* is no longer running on this machine/v);
	t.notRegex(ran.stderr, /looking for/v);
});

test.serial('a holder on another machine that does not renew is taken over when its record has been the same for its duration', async t => {
	const {place} = t.context;
	await holdElsewhere(place, elsewhere, 4);
	const ran = await beginRotation(place, short).ended;
	t.is(ran.status, 0, ran.stderr);
	t.true(ran.stderr.includes(`is held by ${elsewhere}`));
	t.regex(ran.stderr, /looking for 4 s whether its holder is alive[\s\S]*taking Lease .* over: its holder has not renewed it for 4 s/v);
});

test.serial('a holder on another machine that renews is left alone', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	await holdElsewhere(place, elsewhere, 4);
	const stop = renewElsewhere(place);
	const ran = await beginRotation(place, short).ended;
	await stop();
	t.is(ran.status, 3, ran.stderr);
	t.true(ran.stderr.includes(`is held by ${elsewhere} since `));
	t.deepEqual(await secretsOf(place), before);
	await dropLease(place);
});

test.serial('what was changed between plan and Lease is found, and the run refused', async t => {
	const {place} = t.context;
	await holdElsewhere(place, elsewhere, 20);
	const held = await holdKubectl(place, '"create --validate=false -o json -f -"');
	const begun = beginRotation(place, short, held.env);
	await held.reached();
	await dropLease(place);
	await kubectl(place, ['patch', 'tidbcluster', 'basic', '-n', 'tidb', '--type=merge', '-p', '{"spec":{"enablePVReclaim":true}}']);
	await held.letGo();
	const ran = await begun.ended;
	await held.close();
	t.is(ran.status, 3, ran.stderr);
	t.regex(ran.stderr, /out of date; nothing was changed by this run:\n {2}TidbCluster basic: spec\.enablePVReclaim changed by kubectl-patch/v);
});

test.serial('a run whose Lease is deleted ends before its next write', async t => {
	const ran = await meanwhile(t, async () => dropLease(t.context.place));
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /Lease basic-cert-rotate in namespace tidb is lost: somebody deleted or released it; this run ends before its next write/v);
	t.notRegex(ran.stderr, /tidbcluster\.pingcap\.com\/basic patched/v);
});

test.serial('a run whose Lease is taken ends before its next write, names the holder, and leaves it the Lease', async t => {
	const {place} = t.context;
	const ran = await meanwhile(t, async () => holdElsewhere(place, elsewhere, 30));
	t.is(ran.status, 1, ran.stderr);
	t.true(ran.stderr.includes(`is lost: it is held by ${elsewhere}`));
	t.notRegex(ran.stderr, /tidbcluster\.pingcap\.com\/basic patched/v);
	t.is(await leaseHolder(place), elsewhere);
	await dropLease(place);
});

test.serial('a Secret whose data somebody changes stops the run before its next write, with the manager\'s name', async t => {
	const patch = ['patch', 'secret', 'basic-pd-cluster-secret', '-n', 'tidb', '--field-manager=gitops', '--type=merge', '-p'];
	const ran = await meanwhile(t, async () => {
		await kubectl(t.context.place, [...patch, '{"data":{"extra":"YQ=="}}']);
	});
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /Secret basic-pd-cluster-secret: extra changed by gitops \(Update, \S+\)/v);
	t.notRegex(ran.stderr, /tidbcluster\.pingcap\.com\/basic patched/v);
	await kubectl(t.context.place, [...patch, '{"data":{"extra":null}}']);
});

test.serial('the run that goes on after that is not stopped by what the first one wrote', async t => {
	const ran = await beginRotation(t.context.place, short).ended;
	t.is(ran.status, 0, ran.stderr);
});

test.serial('an annotation of a Secret changes nothing that a pod loads, and stops nothing', async t => {
	const ran = await meanwhile(t, async () => {
		await kubectl(t.context.place, ['annotate', 'secret', 'basic-pd-cluster-secret', '-n', 'tidb', 'seen=yes']);
	});
	t.is(ran.status, 0, ran.stderr);
});

test.serial('a TidbCluster whose spec somebody changes stops the run before its next write', async t => {
	const ran = await meanwhile(t, async () => {
		await kubectl(t.context.place, ['patch', 'tidbcluster', 'basic', '-n', 'tidb', '--type=merge', '-p', '{"spec":{"enablePVReclaim":false}}']);
	});
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /TidbCluster basic: spec\.enablePVReclaim changed by kubectl-patch \(Update, \S+\)/v);
});

test.serial('an interrupted run lets Lease and folder go', async t => {
	const {place} = t.context;
	const begun = beginRotation(place, short);
	await leaseTaken(place);
	begun.kill('SIGINT');
	const ran = await begun.ended;
	t.is(ran.status, 130, ran.stderr);
	t.true(await isFree(place));
});

test.serial('a kubectl that hangs while it renews the Lease is given up, and the run goes on to its end', async t => {
	const {place} = t.context;
	const held = await holdKubectl(place, '"replace "*');
	// The first to hang takes the Lease, which is refused in words; so that one is let through by a Lease that is not there yet.
	await dropLease(place);
	const ran = await beginRotation(place, short, held.env).ended;
	await held.close();
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /try 1: writing Lease basic-cert-rotate: failed \(no answer within 8 s\)/v);
});
