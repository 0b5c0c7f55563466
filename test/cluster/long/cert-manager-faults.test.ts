import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {resources} from '../../sandbox/kube.ts';
import {freeze} from '../helpers/admission.ts';
import {atEachStep} from '../helpers/at-each-step.ts';
import {beginRotation} from '../helpers/begin.ts';
import {
	certificatesOf,
	denyRequest,
	isReady,
	startController,
	stopController,
} from '../helpers/cert-manager.ts';
import {journalOf} from '../helpers/journal.ts';
import {
	call,
	type Ended,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {kubectl, kubectlItems, rollback} from '../helpers/product.ts';
import {few} from '../helpers/sandbox.ts';
import {runScript} from '../helpers/runbook.ts';
import {secretsOf} from '../helpers/state-of.ts';
import {until} from '../helpers/until.ts';

/* One cluster of stand-ins whose certificates cert-manager issues; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'cert-manager-faults-test';
const issuer = 'basic-tidb-issuer';
const issuerResource = {...resources.certificates, plural: 'issuers'};
const pdCertificate = 'basic-pd-cluster-secret';
const leavesOnly = ['--min-age', '0', '--keep-ca', '--components', 'pd'];
const newCa = ['--min-age', '0'];
/** For waits that nothing ends: shorter than the usual 30 minutes, longer than a pod of stand-ins takes on a busy machine. */
const impatient = ['--timeout', '20s'];

type Context = ExecutionContext<{place: Place}>;

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: await startPlace(name, [...few, '--issuer', 'cert-manager'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

const rotate = async ({context: {place}}: Context, args: string[]): Promise<Ended> => call('rotate', place, ['--cluster', place.cluster, '--yes', ...args]);

const goesOn = async (t: Context, args: string[]): Promise<void> => {
	const ran = await rotate(t, args);
	t.is(ran.status, 0, ran.stderr);
};

/** Runs `rotate` with something that happens just before a step. */
const rotateWith = async ({context: {place}}: Context, args: string[], at: string, deed: () => Promise<void>): Promise<Ended> => atEachStep(place, args, async step => {
	if (step === at) {
		await deed();
	}
});

/** Everything that a process loads, and which write it is of. */
const untouched = async (t: Context, before: Awaited<ReturnType<typeof secretsOf>>): Promise<void> => {
	t.deepEqual(await secretsOf(t.context.place), before, 'the Secrets');
};

/** What a rotation makes beside the cluster's own objects is not there, and the cluster's Certificates are. */
const atRest = async (t: Context): Promise<void> => {
	const certificates = await certificatesOf(t.context.place);
	t.deepEqual(Object.keys(certificates).toSorted(), ['basic-ca', 'basic-cluster-client-secret', pdCertificate, 'basic-tidb-cluster-secret', 'basic-tikv-cluster-secret']);
	t.deepEqual(Object.values(certificates).filter(certificate => !isReady(certificate)), []);
	const others = await kubectlItems(t.context.place, ['issuers.cert-manager.io,secrets', '-n', t.context.place.namespace]);
	t.deepEqual(others.map(item => item.metadata.name).filter(found => /next|rehearsal/v.test(found)), []);
};

/** Does what the message says, by the commands that it gives. */
const asTold = async (t: Context, stderr: string, pattern: RegExp): Promise<void> => {
	const line = pattern.exec(stderr)?.[0];
	t.not(line, undefined, stderr);
	const {status, stderr: words} = await runScript(t.context.place, line ?? 'false');
	t.is(status, 0, words);
};

test.serial('controller stopped, leaves alone: the wait\'s end says since when, that nothing was made of it, and to look for the controller; started again, it is renewed', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	await stopController(place);
	const ran = await rotate(t, [...leavesOnly, ...impatient]);
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /not reached, no progress for \d+ s/v);
	t.regex(ran.stderr, /Certificate basic-pd-cluster-secret is being issued since 2\d{3}-\d\d-\d\dT[\d:]+Z: no CertificateRequest was made for it/v);
	t.regex(ran.stderr, /see whether cert-manager's controller runs: kubectl get pods -A/v);
	t.notRegex(ran.stderr, /--recreate-pods/v);
	await untouched(t, before);
	await startController(place);
	await goesOn(t, leavesOnly);
	const after = await secretsOf(place);
	t.not(after.pd!.serial, before.pd!.serial);
});

/** Has the first request for this Certificate denied while `rotate` waits for it. */
const denied = async ({context: {place}}: Context, args: string[], certificate: string): Promise<Ended> => {
	const allow = await freeze(place, 'approvals');
	try {
		const begun = beginRotation(place, [...args, ...impatient]);
		await denyRequest(place, certificate);
		return await begun.ended;
	} finally {
		await allow();
	}
};

test.serial('a request that was denied, leaves alone: it is named, and once it has gone as the message says, the leaf is renewed', async t => {
	const before = await secretsOf(t.context.place);
	const ran = await denied(t, leavesOnly, pdCertificate);
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /Certificate basic-pd-cluster-secret could not be issued at \S+: CertificateRequest basic-pd-cluster-secret-\S+, of \S+, was denied \(.*not today.*\)/v);
	await untouched(t, before);
	await asTold(t, ran.stderr, /kubectl delete certificaterequest .*$/mv);
	await goesOn(t, leavesOnly);
	const after = await secretsOf(t.context.place);
	t.not(after.pd!.serial, before.pd!.serial);
});

test.serial('a request that was denied, a new CA: it is named, the Secrets are untouched; as the message says it goes on, and from there it goes back', async t => {
	const before = await secretsOf(t.context.place);
	const ran = await denied(t, newCa, 'basic-ca-next');
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /Certificate basic-ca-next could not be issued at \S+: CertificateRequest basic-ca-next-\S+, of \S+, was denied \(.*not today.*\)/v);
	await untouched(t, before);
	await asTold(t, ran.stderr, /kubectl delete certificate .*$/mv);
	const again = await call('rotate', t.context.place, ['--cluster', 'basic', '--yes', ...newCa], {
		timeout: 480_000,
		// It gets past that, and is ended there.
		async interruptWhen() {
			const events = await journalOf(t.context.place.folder);
			return events.some(({event, step}) => event === 'end' && step === 'trust.next');
		},
	});
	t.is(again.status, 130, again.stderr);
	const back = await rollback(t.context.place);
	t.is(back.exitCode, 0, back.stderr);
	await untouched(t, before);
	await atRest(t);
});

type IssuerState = {metadata: {generation: number}; status?: {conditions?: Array<{type: string; status: string; observedGeneration?: number}>}};

/** Waits until cert-manager has seen the Issuer as it is, and found it so. */
const issuerIs = async ({context: {place}}: Context, ready: 'True' | 'False'): Promise<void> => {
	await until(`Issuer ${issuer} with Ready=${ready}`, async () => {
		const {metadata: {generation}, status} = (await place.kube.get(issuerResource, {namespace: place.namespace, name: issuer})) as unknown as IssuerState;
		return status?.conditions?.some(one => one.type === 'Ready' && one.status === ready && one.observedGeneration === generation);
	}, 120_000);
};

const refusedBy = async (t: Context, reason: RegExp): Promise<void> => {
	for (const args of [leavesOnly, newCa]) {
		const ran = await rotate(t, args);
		t.is(ran.status, 3, ran.stderr);
		t.regex(ran.stderr, reason);
	}
};

test.serial('Issuer not Ready: both routes are refused with its words, and go when it is', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	// So that it stays so for a while.
	await stopController(place);
	const [condition] = (await place.kube.get(issuerResource, {namespace: place.namespace, name: issuer}) as unknown as {status: {conditions: Array<Record<string, unknown>>}}).status.conditions;
	await kubectl(place, ['patch', 'issuers.cert-manager.io', issuer, '-n', place.namespace, '--subresource=status', '--type=merge', '-p', JSON.stringify({
		status: {
			conditions: [{
				...condition, status: 'False', reason: 'ErrGetKeyPair', message: 'Error getting keypair for CA issuer',
			}],
		},
	})]);
	try {
		await refusedBy(t, /Issuer basic-tidb-issuer is not Ready: .*Error getting keypair for CA issuer/v);
		await untouched(t, before);
	} finally {
		await startController(place);
	}

	await issuerIs(t, 'True');
	await goesOn(t, leavesOnly);
});

test.serial('Issuer without a CA: both routes are refused with what is missing, and go when it has one', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	const signBy = async (secretName: string): Promise<void> => {
		await kubectl(place, ['patch', 'issuers.cert-manager.io', issuer, '-n', place.namespace, '--type=merge', '-p', JSON.stringify({spec: {ca: {secretName}}})]);
	};

	await signBy('no-such-secret');
	try {
		await issuerIs(t, 'False');
		await refusedBy(t, /no Certificate makes the CA in Secret no-such-secret; nothing was changed/v);
		await untouched(t, before);
	} finally {
		await signBy('basic-ca-secret');
	}

	await issuerIs(t, 'True');
	await goesOn(t, leavesOnly);
});

test.serial('a rehearsal that fails ends the run in words before anything of the cluster is changed, and the way back removes what it made', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	// This cert-manager issues a Secret again that names another Issuer; another one may do so for other reasons.
	const ran = await rotateWith(t, newCa, 'trust.rehearse.return', async () => {
		await kubectl(place, ['annotate', 'secret', 'basic-rotation-rehearsal', '-n', place.namespace, '--overwrite', 'cert-manager.io/issuer-name=another']);
	});
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /Secret basic-rotation-rehearsal does not hold the certificate of Secret basic-rotation-rehearsal-next/v);
	t.regex(ran.stderr, /this cert-manager issues a Certificate that comes back again/v);
	t.regex(ran.stderr, /--as-documented --accept-outage/v);
	await untouched(t, before);
	const back = await rollback(place);
	t.is(back.exitCode, 0, back.stderr);
	await untouched(t, before);
	await atRest(t);
});

test.serial('a Certificate with rotationPolicy Never goes the way of the others: trust ends with the leaves there were and both CAs', async t => {
	const {place} = t.context;
	t.timeout(600_000);
	await kubectl(place, ['patch', 'certificates.cert-manager.io', pdCertificate, '-n', place.namespace, '--type=merge', '-p', '{"spec":{"privateKey":{"rotationPolicy":"Never"}}}']);
	const before = await secretsOf(place);
	const ran = await call('rotate', place, ['--cluster', place.cluster, '--yes', ...newCa, '--until', 'trust'], {timeout: 480_000});
	t.is(ran.status, 0, ran.stderr);
	const after = await secretsOf(place);
	t.deepEqual(Object.values(after).map(({texts}) => texts['tls.key']), Object.values(before).map(({texts}) => texts['tls.key']));
	t.deepEqual(Object.values(after).map(({bundle}) => bundle.length), [2, 2, 2, 2]);
});

test.serial('controller stopped while the new CA\'s leaves are waited for: the wait\'s end names each, and the Secrets keep both CAs and their leaves', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	await stopController(place);
	const ran = await rotate(t, [...newCa, ...impatient]);
	t.is(ran.status, 1, ran.stderr);
	for (const component of ['pd', 'tikv', 'tidb']) {
		const words = String.raw`Certificate basic-${component}-cluster-secret-next is there since \S+, and cert-manager has not looked at it: no CertificateRequest`;
		t.regex(ran.stderr, new RegExp(words, 'v'));
	}

	t.regex(ran.stderr, /see whether cert-manager's controller runs: kubectl get pods -A/v);
	await untouched(t, before);
	await startController(place);
});

test.serial('controller stopped while the Certificates come back: the wait\'s end names each; started again, the rotation ends with other keys, and each Certificate as it was', async t => {
	const {place} = t.context;
	t.timeout(600_000);
	const before = await secretsOf(place);
	const ran = await rotateWith(t, [...newCa, '--timeout', '30s'], 'retire.certificates', async () => stopController(place));
	t.is(ran.status, 1, ran.stderr);
	for (const component of ['pd', 'tikv', 'tidb']) {
		t.regex(ran.stderr, new RegExp(String.raw`Certificate basic-${component}-cluster-secret is there since \S+, and cert-manager has not looked at it`, 'v'));
	}

	await startController(place);
	await goesOn(t, newCa);
	const after = await secretsOf(place);
	t.deepEqual(Object.values(after).filter(({bundle, texts}, index) => bundle.length !== 1 || texts['tls.key'] === Object.values(before)[index]!.texts['tls.key']), []);
	await atRest(t);
	const pd = await place.kube.get(resources.certificates, {namespace: place.namespace, name: pdCertificate}) as {spec?: {privateKey?: {rotationPolicy?: string}}} | undefined;
	t.is(pd?.spec?.privateKey?.rotationPolicy, 'Never');
});
