import {readFile, rename} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import fc from 'fast-check';
import {inDocumentOrder} from '../../../src/cluster/components.ts';
import {certificatesOf as ownCertificates, documentedIssuance} from '../../../src/cluster/issuance.ts';
import {restingPlan} from '../../../src/plan/make.ts';
import type {Plan} from '../../../src/plan/types.ts';
import {resources} from '../../sandbox/kube.ts';
import {fingerprintsIn, serialsByComponent} from '../helpers/agree.ts';
import {atEachStep} from '../helpers/at-each-step.ts';
import {
	type Certificate,
	certificatesOf,
	isReady,
	renewAll,
	startController,
	stopController,
} from '../helpers/cert-manager.ts';
import {startPlace, stopPlace, type Place} from '../helpers/place.ts';
import {kubectl} from '../helpers/product.ts';
import {few} from '../helpers/sandbox.ts';
import {secretsOf} from '../helpers/state-of.ts';
import {startTraffic} from '../helpers/traffic.ts';
import {until} from '../helpers/until.ts';

/*
One cluster of stand-ins whose certificates cert-manager issues; each test is one rotation to a new CA that meets something at its steps in
turn: with STEPS=all (`make test-disturbed`) at each of them, else at some that a seed chooses.
*/
const test = anyTest as TestFn<{place: Place}>;
const name = 'cert-manager-disturbed-test';

const bare = {name: 'basic', components: inDocumentOrder(['pd', 'tikv', 'tidb', 'client'])};
const issuance = documentedIssuance(bare);
const own = ownCertificates({...bare, namespace: 'tidb'}, issuance);

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: await startPlace(name, [...few, '--issuer', 'cert-manager'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

/** What every rotation of the cluster at rest executes. */
const plan = ({namespace}: Place): Plan => restingPlan({...bare, namespace, issuance}, {
	route: 'new-ca', retire: true, leaves: bare.components, strict: false,
});

/** The steps of the way between two of them, the second not among them; the folder's own beginnings are no part of it. */
const stepsOf = (place: Place, from = 'trust.next', before?: string): string[] => {
	const ids = plan(place).steps.map(({id}) => id);
	return ids.slice(ids.indexOf(from), before === undefined ? undefined : ids.indexOf(before));
};

const [seed, some] = [20_261_125, 3];

/** The steps to be disturbed, in their order. */
const chosen = (steps: string[]): string[] => process.env.STEPS === 'all' ? steps : fc.sample(fc.subarray(steps, {minLength: some, maxLength: some}), {seed, numRuns: 1})[0]!;

type Disturbance = {
	/** The steps that it can be met at. */
	steps: string[];
	/** What happens just before one of them begins. */
	work: (step: string) => Promise<void>;
	/** Called at every step, before that. */
	begins?: (step: string) => void;
	/** What a person does after a stop, by what the run said. */
	putInOrder: (stderr: string) => Promise<void>;
	/** Cert-manager may go on by itself after the end, which the folder does not follow. */
	goesOn?: true;
};

/** Rotates by run after run, each disturbed at the first of the steps that none was disturbed at before (`met`), until one comes to its end. Resolves with how often a run stopped. */
const runsOf = async (t: ExecutionContext<{place: Place}>, {steps, work, begins, putInOrder}: Disturbance, met: Set<string>): Promise<number> => {
	for (let stops = 0; ; stops++) {
		const ran = await atEachStep(t.context.place, ['--min-age', '0', '--timeout', '60s'], async step => {
			begins?.(step);
			if (!steps.includes(step) || met.has(step)) {
				return;
			}

			met.add(step);
			await work(step);
		});
		if (ran.status === 0) {
			return stops;
		}

		t.log(`status ${ran.status} at ${[...met].at(-1)}`);
		t.true([1, 3].includes(ran.status) && stops < steps.length + 2, ran.stderr);
		await putInOrder(ran.stderr);
	}
};

/**
Rotates so. Sees that no connection fails by a certificate, and that all is as an undisturbed rotation leaves it.

@returns how often a run stopped.
*/
const rotateDisturbed = async (t: ExecutionContext<{place: Place}>, disturbance: Disturbance): Promise<number> => {
	const {place} = t.context;
	const {steps, goesOn = false} = disturbance;
	const before = await secretsOf(place);
	const counter = await startTraffic(place, 10);
	const met = new Set<string>();
	let stops: number;
	try {
		stops = await runsOf(t, disturbance, met);
	} catch (error) {
		await counter.stop();
		throw error;
	}

	const {total, examples} = await counter.stop();
	t.log(stops, total);
	t.deepEqual(steps.filter(step => !met.has(step)), [], 'every step was met');
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(total.accepted > 0);
	for (const [component, every] of Object.entries(await serialsByComponent(place))) {
		// What cert-manager renewed after the last restart, TiKV's status port serves once it has refused somebody (tidb-facts 1.6).
		const serials = Object.fromEntries(Object.entries(every).filter(([where]) => !where.endsWith(':20180') && !(goesOn && where === 'folder')));
		t.is(new Set(Object.values(serials)).size, 1, `${component}: ${JSON.stringify(serials)}`);
		t.not(serials.secret, before[component]!.serial, component);
	}

	const [ca, after, certificates] = [await fingerprintsIn(place, 'ca.pem'), await secretsOf(place), await certificatesOf(place)];
	const bundles = Object.values(after).map(({bundle}) => bundle);
	t.deepEqual(goesOn ? bundles.map(({length}) => length) : bundles, bundles.map(() => goesOn ? 1 : ca));
	t.deepEqual([ca, ...bundles].filter(one => one.includes(before.pd!.bundle[0]!)), [], 'the old CA is nowhere');
	t.deepEqual(Object.keys(certificates).toSorted(), own.toSorted());
	t.deepEqual(Object.values(certificates).filter(certificate => !isReady(certificate)), []);
	return stops;
};

test.serial('a Certificate that is put back while they are aside: the run stops before its next write but for one that is under way, says how it goes away, and goes on then', async t => {
	t.timeout(1_800_000);
	const {place} = t.context;
	const steps = chosen(stepsOf(place, 'trust.apply', 'retire.next'));
	const writing = new Set(plan(place).steps.filter(({lines}) => lines.length > 0).map(({id}) => id));
	let there: string | undefined;
	let next = 0;
	/** Steps that were begun since it is there, and write something. */
	let begun: string[] = [];
	const stops = await rotateDisturbed(t, {
		steps,
		begins(step) {
			if (there !== undefined && writing.has(step)) {
				begun.push(step);
			}
		},
		async work(step) {
			if (there !== undefined) {
				return;
			}

			begun = writing.has(step) ? [step] : [];
			there = own[next++ % own.length]!;
			const record = JSON.parse(await readFile(path.join(place.folder, `certificate-${there}.json`), 'utf8')) as {metadata: {name: string}};
			await place.kube.create(resources.certificates, record);
		},
		async putInOrder(stderr) {
			t.true(stderr.includes(`Certificate ${there!}`), stderr);
			const command = /kubectl delete certificate (?<words>.+)$/mv.exec(stderr)?.groups?.words;
			t.not(command, undefined, stderr);
			// The last of them was not done; the one before may have been under way.
			t.true(begun.length <= 2, begun.join(' '));
			await kubectl(place, ['delete', 'certificate', ...command!.split(' ')]);
			there = undefined;
		},
	});
	t.true(stops > 0);
});

test.serial('a controller that is restarted at each step only makes the rotation take longer', async t => {
	t.timeout(1_800_000);
	const {place} = t.context;
	let started = Promise.resolve();
	const stops = await rotateDisturbed(t, {
		steps: chosen(stepsOf(place)),
		async work() {
			await started;
			await stopController(place);
			// Not before the step has begun.
			started = startController(place);
		},
		async putInOrder() {
			t.fail('it goes on');
		},
	});
	await started;
	t.is(stops, 0);
});

const isAtRest = (certificate: Certificate): boolean => isReady(certificate) && !certificate.status?.conditions?.some(({type, status}) => type === 'Issuing' && status === 'True');

/** After a failure cert-manager tries again after 5 s, then twice as long each time, up to 5 minutes; in milliseconds. */
const atMost = 360_000;

/** Waits until cert-manager has nothing to do. */
const atRest = async (place: Place): Promise<void> => {
	const busy = async () => Object.values(await certificatesOf(place)).filter(certificate => !isAtRest(certificate));
	try {
		await until('every Certificate at rest', async () => {
			const left = await busy();
			return left.length === 0;
		}, atMost);
	} catch (error) {
		throw new Error(`${(error as Error).message}; not at rest: ${JSON.stringify(await busy())}`, {cause: error});
	}
};

test.serial('a renewal that is forced at each step, of every Certificate there is: the run stops or goes on, and ends as ever', async t => {
	t.timeout(1_800_000);
	const {place} = t.context;
	let moved = 0;
	await rotateDisturbed(t, {
		steps: chosen(stepsOf(place)),
		goesOn: true,
		work: async () => renewAll(place),
		async putInOrder(stderr) {
			// The present CA was renewed as well: what the folder has of it is no longer in the Secrets.
			if (stderr.includes('move it away and it is made again from the Secrets')) {
				await rename(place.folder, `${place.folder}-stale-${++moved}`);
			}

			await atRest(place);
		},
	});
});
