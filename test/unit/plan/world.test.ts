import test from 'ava';
import fc from 'fast-check';
import {chooseBackup, rollbackSuffix} from '../../../src/plan/backups.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {folderFiles} from '../../../src/plan/prepare.ts';
import {rollbackPlan} from '../../../src/plan/rollback.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {unplaced} from '../../../src/plan/unplaced.ts';
import {cluster} from '../../helpers/observation.ts';
import {drive, Killed} from '../../helpers/drive.ts';
import {World} from '../../helpers/world.ts';

type Wish = 'plain' | 'retire' | 'keep-ca' | 'renew-ca' | 'rollback' | 'recreate';

const targetOf = (wish: Wish): Target => ({
	route: wish === 'keep-ca' || wish === 'renew-ca' ? wish : 'new-ca', retire: wish === 'retire', leaves: cluster.components, strict: false,
});

const planOf = (world: World, wish: Wish): Plan => {
	const observation = world.observe();
	world.suffix = wish === 'rollback' || wish === 'recreate' ? rollbackSuffix : '';
	if (world.suffix === '') {
		const plan = makePlan({
			cluster, target: targetOf(wish), observation, changed: {}, cure: false,
		});
		return unplaced(plan, observation) ? {...plan, steps: []} : plan;
	}

	const chosen = chooseBackup(observation, cluster);
	if ('problem' in chosen) {
		return {
			cluster, target: targetOf('plain'), steps: [], from: 0,
		};
	}

	return rollbackPlan({
		cluster, observation, backup: chosen.backup, recreatePods: wish === 'recreate', files: folderFiles(observation),
	});
};

const wishes: Wish[] = ['plain', 'retire', 'keep-ca', 'renew-ca', 'rollback'];

/** A run that is killed after so many writes. */
const killedRun = (world: World, wish: Wish, writes: number): boolean => {
	try {
		drive(world, planOf(world, wish), writes);
		return false;
	} catch (error) {
		if (error instanceof Killed) {
			return true;
		}

		throw error;
	}
};

for (const wish of ['plain', 'retire', 'keep-ca', 'renew-ca'] as const) {
	test(`${wish}: killed after any write, the plan made anew reaches the target, and nobody is refused`, t => {
		const whole = new World();
		const total = drive(whole, planOf(whole, wish));
		for (let writes = 1; writes < total; writes++) {
			const world = new World();
			t.true(killedRun(world, wish, writes));
			t.notThrows(() => drive(world, planOf(world, wish)), `killed after write ${writes}`);
			t.is(new Set(world.pods.map(({bundle}) => bundle)).size, 1);
		}
	});

	test(`${wish}: rolled back after any write, everything is as before, and nobody is refused`, t => {
		const whole = new World();
		const total = drive(whole, planOf(whole, wish));
		for (let writes = 1; writes <= total; writes++) {
			const world = new World();
			const before = structuredClone(world.state);
			killedRun(world, wish, writes);
			t.notThrows(() => drive(world, planOf(world, 'rollback')), `rolled back after write ${writes}`);
			t.deepEqual(world.state, before, `rolled back after write ${writes}`);
			t.deepEqual(planOf(world, 'rollback').steps, [], `rolled back after write ${writes}`);
		}
	});

	test(`${wish}: a way back that is killed after any write goes on, and is turned round again`, t => {
		const whole = new World();
		drive(whole, planOf(whole, wish));
		const total = drive(whole, planOf(whole, 'rollback'));
		for (let writes = 1; writes < total; writes++) {
			const world = new World();
			const before = structuredClone(world.state);
			drive(world, planOf(world, wish));
			killedRun(world, 'rollback', writes);
			t.notThrows(() => drive(world, planOf(world, 'rollback')), `killed after write ${writes}`);
			t.deepEqual(world.state, before, `killed after write ${writes}`);
		}
	});
}

test('whatever is begun, killed, gone on with and turned round, nobody is ever refused, and what is then run to the end reaches its target', t => {
	// Between two runs the operator goes on with what it was asked for.
	const run = fc.record({wish: fc.constantFrom(...wishes), writes: fc.integer({min: 1, max: 60}), rolls: fc.integer({min: 0, max: 8})});
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(run, {maxLength: 5}), fc.constantFrom(...wishes), (runs, last) => {
			const world = new World();
			for (const {wish, writes, rolls} of runs) {
				killedRun(world, wish, writes);
				world.rollSome(rolls);
			}

			drive(world, planOf(world, last));
		}), {numRuns: 150, seed: 20_261_125, includeErrorInReport: true});
	});
});

test('--keep-backups removes the oldest, and never the one that a rollback goes back to', t => {
	const world = new World();
	const target = targetOf('retire');
	for (let round = 0; round < 3; round++) {
		drive(world, planOf(world, 'retire'));
	}

	const observation = world.observe();
	const names = observation.folder.backups.map(one => one.name);
	t.is(names.length, 3);
	const plan = makePlan({
		cluster, target, observation, changed: {}, cure: false, keepBackups: 1,
	});
	const prune = plan.steps.find(({id}) => id === 'prepare.prune');
	t.deepEqual(prune?.lines.map(line => line.commands[0]!.stages[0]![1]), names.slice(1).toReversed().map(name => `backups/${name}`));
	const ids = plan.steps.map(({id}) => id);
	t.is(ids.indexOf('prepare.prune'), ids.indexOf('prepare.backup') + 1);
});
