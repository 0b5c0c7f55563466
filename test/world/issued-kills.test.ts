import test from 'ava';
import fc from 'fast-check';
import {folderProblems} from '../../src/judge/folder.ts';
import {chooseBackup, rollbackSuffix} from '../../src/plan/backups.ts';
import {caFiles} from '../../src/plan/ca-files.ts';
import {makePlan} from '../../src/plan/make.ts';
import {folderFiles} from '../../src/plan/prepare.ts';
import {rollbackPlan} from '../../src/plan/rollback.ts';
import type {Plan, Target} from '../../src/plan/types.ts';
import {unplaced} from '../../src/plan/unplaced.ts';
import {drive, isKilled} from '../helpers/drive.ts';
import {issuedCluster as cluster, World} from '../helpers/world.ts';

type Wish = 'new-ca' | 'keep-ca' | 'keep-ca-as-documented' | 'rollback';

const targetOf = (wish: Wish): Target => ({
	route: wish.startsWith('keep-ca') ? 'keep-ca' : 'new-ca',
	retire: wish === 'new-ca',
	leaves: cluster.components,
	strict: false,
	...(wish === 'keep-ca-as-documented' && {asDocumented: true}),
});

const nothing = (): Plan => ({
	cluster, target: targetOf('new-ca'), steps: [], from: 0,
});

const planOf = (world: World, wish: Wish): Plan => {
	const observation = world.observe();
	world.suffix = wish === 'rollback' ? rollbackSuffix : '';
	if (wish === 'rollback') {
		const chosen = chooseBackup(observation, cluster);
		return 'problem' in chosen
			? nothing()
			: rollbackPlan({
				cluster, observation, backup: chosen.backup, recreatePods: false, files: folderFiles(observation),
			});
	}

	const plan = makePlan({
		cluster, target: targetOf(wish), observation, changed: {}, cure: false, ...(caFiles(observation).is === 'at rest' && {restore: {}}),
	});
	return unplaced(plan, observation) ? nothing() : plan;
};

/** A run that is killed after so many writes. */
const killedRun = (world: World, wish: Wish, writes: number): boolean => isKilled(() => drive(world, planOf(world, wish), writes));

/** What of a cluster is the same whenever it is at rest: who issues what, and that nothing of a way is left. */
const objects = (world: World): unknown => ({
	certificates: world.certManager!.inOrder(),
	issuers: [...world.certManager!.issuers],
	secrets: Object.keys(world.beside),
	records: Object.keys(world.files).filter(file => !/^(?:ca|client|client-key|\w+-server|\w+-server-key)\.pem$/v.test(file)),
});

for (const wish of ['new-ca', 'keep-ca', 'keep-ca-as-documented'] as const) {
	test(`${wish}: killed after any write, the plan made anew reaches the target, nobody is refused, and cert-manager's objects are as before`, t => {
		const whole = new World(true);
		const before = objects(whole);
		const total = drive(whole, planOf(whole, wish));
		t.true(total > 4);
		t.deepEqual(objects(whole), before);
		for (let writes = 1; writes < total; writes++) {
			const world = new World(true);
			t.true(killedRun(world, wish, writes));
			t.notThrows(() => drive(world, planOf(world, wish)), `killed after write ${writes}`);
			t.is(new Set(world.pods.map(({bundle}) => bundle)).size, 1);
			t.deepEqual(objects(world), before, `killed after write ${writes}`);
		}
	});

	test(`${wish}: rolled back after any write, everything is as before, and nobody is refused`, t => {
		const whole = new World(true);
		const total = drive(whole, planOf(whole, wish));
		for (let writes = 1; writes <= total; writes++) {
			const world = new World(true);
			const before = structuredClone(world.state);
			killedRun(world, wish, writes);
			t.notThrows(() => drive(world, planOf(world, 'rollback')), `rolled back after write ${writes}`);
			t.deepEqual(world.state, before, `rolled back after write ${writes}`);
			t.deepEqual(planOf(world, 'rollback').steps.map(({id}) => id), [], `rolled back after write ${writes}`);
		}
	});

	test(`${wish}: a way back that is killed after any write goes on`, t => {
		const whole = new World(true);
		drive(whole, planOf(whole, wish));
		const total = drive(whole, planOf(whole, 'rollback'));
		for (let writes = 1; writes < total; writes++) {
			const world = new World(true);
			const before = structuredClone(world.state);
			drive(world, planOf(world, wish));
			killedRun(world, 'rollback', writes);
			t.notThrows(() => drive(world, planOf(world, 'rollback')), `killed after write ${writes}`);
			t.deepEqual(world.state, before, `killed after write ${writes}`);
		}
	});
}

/** A new CA that is killed after so many writes, and its way back after so many. */
const turnedRound = (writes: number, killed: number) => {
	const world = new World(true);
	const {cert: before} = world.beside[cluster.issuance!.ca.secret]!;
	killedRun(world, 'new-ca', writes);
	const hasMore = killedRun(world, 'rollback', killed);
	return {
		world, hasMore, plan: planOf(world, 'new-ca'), hasOldCa: world.beside[cluster.issuance!.ca.secret]!.cert === before,
	};
};

test('a way back that is killed after any write is turned round again: up to the old certificates there is a way on, and from them a new rotation', t => {
	const whole = new World(true);
	const total = drive(whole, planOf(whole, 'new-ca'));
	let turned = 0;
	for (let writes = 1; writes < total; writes += 9) {
		let hasMore = true;
		for (let killed = 1; hasMore; killed++) {
			const {world, plan, hasOldCa, ...found} = turnedRound(writes, killed);
			const where = `killed after write ${writes}, the way back after write ${killed}`;
			const hasWay = plan.steps.length > 0;
			// Back from a finished rotation, the Issuer may not sign by the old CA yet, and the next CA's Issuer may be gone.
			t.true(hasWay || !hasOldCa, where);
			t.notThrows(() => drive(world, plan), where);
			t.true(!hasWay || new Set(world.pods.map(({bundle}) => bundle)).size === 1, where);
			t.deepEqual(hasWay ? world.certManager!.inOrder() : [], hasWay ? whole.certManager!.inOrder() : [], where);
			turned += hasWay ? 1 : 0;
			({hasMore} = found);
		}
	}

	t.true(turned > 50);
});

/** What cert-manager does by itself while nobody goes on with what was begun. */
const renewals: Record<string, (world: World) => void> = {
	'every leaf that it has a Certificate for'(world) {
		world.certManager!.renewLeaves();
	},
	'every CA that it has a Certificate for'(world) {
		world.certManager!.renewCas();
	},
	'every CA and then every leaf that it has a Certificate for'(world) {
		world.certManager!.renewCas();
		world.certManager!.renewLeaves();
	},
};

for (const [what, renew] of Object.entries(renewals)) {
	test(`new-ca: killed after any write, and gone on with after cert-manager has renewed ${what}, it reaches the target and nobody is refused`, t => {
		const whole = new World(true);
		const before = objects(whole);
		const total = drive(whole, planOf(whole, 'new-ca'));
		for (let writes = 1; writes < total; writes++) {
			const world = new World(true);
			t.true(killedRun(world, 'new-ca', writes));
			renew(world);
			const [plan, observation] = [planOf(world, 'new-ca'), world.observe()];
			const problems = plan.from > 0
				? folderProblems({
					cluster, target: plan.target, observation, isResumed: true,
				})
				: [];
			t.deepEqual(problems.filter(({code}) => code === 'stale'), [], `killed after write ${writes}`);
			t.notThrows(() => drive(world, planOf(world, 'new-ca')), `killed after write ${writes}`);
			t.is(caFiles(world.observe()).is, 'at rest', `killed after write ${writes}`);
			t.deepEqual(objects(world), before, `killed after write ${writes}`);
		}
	});
}

test('whatever is begun, killed, gone on with and turned round, nobody is ever refused and cert-manager overwrites nothing', t => {
	const wishes: Wish[] = ['new-ca', 'keep-ca', 'rollback'];
	const run = fc.record({wish: fc.constantFrom(...wishes), writes: fc.integer({min: 1, max: 80}), rolls: fc.integer({min: 0, max: 8})});
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(run, {maxLength: 5}), fc.constantFrom(...wishes), (runs, last) => {
			const world = new World(true);
			for (const {wish, writes, rolls} of runs) {
				killedRun(world, wish, writes);
				world.rollSome(rolls);
			}

			drive(world, planOf(world, last));
		}), {numRuns: 100, seed: 20_261_125, includeErrorInReport: true});
	});
});
