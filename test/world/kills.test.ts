import test from 'ava';
import fc from 'fast-check';
import {chooseBackup, rollbackSuffix} from '../../src/plan/backups.ts';
import {makePlan} from '../../src/plan/make.ts';
import {outsideOf} from '../../src/plan/outside.ts';
import {folderFiles} from '../../src/plan/prepare.ts';
import {rollbackPlan} from '../../src/plan/rollback.ts';
import type {Plan, Target} from '../../src/plan/types.ts';
import {unplaced} from '../../src/plan/unplaced.ts';
import type {Cluster} from '../../src/cluster/types.ts';
import {
	cluster,
	dmCluster,
	hosting,
	mysqlHosting,
} from '../helpers/observation.ts';
import {drive, isKilled} from '../helpers/drive.ts';
import {World} from '../helpers/world.ts';

type Wish = 'plain' | 'retire' | 'keep-ca' | 'renew-ca' | 'rollback' | 'recreate';

const targetOf = (wish: Wish, of: Cluster): Target => ({
	route: wish === 'keep-ca' || wish === 'renew-ca' ? wish : 'new-ca', retire: wish === 'retire', leaves: of.components, strict: false, handled: outsideOf(of).map(({name}) => name),
});

const planOf = (world: World, wish: Wish, of = cluster): Plan => {
	const observation = world.observe();
	world.suffix = wish === 'rollback' || wish === 'recreate' ? rollbackSuffix : '';
	if (world.suffix === '') {
		const plan = makePlan({
			cluster: of, target: targetOf(wish, of), observation, changed: {}, cure: false,
		});
		return unplaced(plan, observation) ? {...plan, steps: []} : plan;
	}

	const chosen = chooseBackup(observation, of);
	if ('problem' in chosen) {
		return {
			cluster: of, target: targetOf('plain', of), steps: [], from: 0,
		};
	}

	return rollbackPlan({
		cluster: of, observation, backup: chosen.backup, recreatePods: wish === 'recreate', files: folderFiles(observation),
	});
};

const wishes: Wish[] = ['plain', 'retire', 'keep-ca', 'renew-ca', 'rollback'];

/** A run that is killed after so many writes. */
const killedRun = (world: World, wish: Wish, writes: number, of = cluster): boolean => isKilled(() => drive(world, planOf(world, wish, of), writes));

/** The MySQL side, whose TiDBs read their files again instead of being restarted. */
const reloading: Cluster = {...mysqlHosting, takesUp: 'by reload'};

/** Which of them a test is about. */
const sideName = ({kind, side, takesUp}: Cluster): string => [kind ?? side ?? 'components', ...(takesUp === undefined ? [] : [takesUp])].join(' ');

const wholeWays = ['plain', 'retire', 'keep-ca', 'renew-ca'] as const;

for (const [of, wish] of [...[hosting, mysqlHosting, reloading].flatMap(side => wholeWays.map(one => [side, one] as const)), [dmCluster, 'retire'] as const]) {
	test(`${sideName(of)}, ${wish}: killed after any write, the plan made anew reaches the target, and nobody is refused`, t => {
		const whole = new World(false, of);
		const total = drive(whole, planOf(whole, wish, of));
		for (let writes = 1; writes < total; writes++) {
			const world = new World(false, of);
			t.true(killedRun(world, wish, writes, of));
			t.notThrows(() => drive(world, planOf(world, wish, of)), `killed after write ${writes}`);
			t.is(new Set(world.pods.map(({bundle}) => bundle)).size, 1);
		}
	});

	test(`${sideName(of)}, ${wish}: rolled back after any write, everything is as before, and nobody is refused`, t => {
		const whole = new World(false, of);
		const total = drive(whole, planOf(whole, wish, of));
		for (let writes = 1; writes <= total; writes++) {
			const world = new World(false, of);
			const before = structuredClone(world.state);
			killedRun(world, wish, writes, of);
			t.notThrows(() => drive(world, planOf(world, 'rollback', of)), `rolled back after write ${writes}`);
			t.deepEqual(world.state, before, `rolled back after write ${writes}`);
			t.deepEqual(planOf(world, 'rollback', of).steps, [], `rolled back after write ${writes}`);
		}
	});

	test(`${sideName(of)}, ${wish}: a way back that is killed after any write goes on, and is turned round again`, t => {
		const whole = new World(false, of);
		drive(whole, planOf(whole, wish, of));
		const total = drive(whole, planOf(whole, 'rollback', of));
		for (let writes = 1; writes < total; writes++) {
			const world = new World(false, of);
			const before = structuredClone(world.state);
			drive(world, planOf(world, wish, of));
			killedRun(world, 'rollback', writes, of);
			t.notThrows(() => drive(world, planOf(world, 'rollback', of)), `killed after write ${writes}`);
			t.deepEqual(world.state, before, `killed after write ${writes}`);
		}
	});
}

/** Several ways of one side to take new certificates up. */
const histories: Array<[of: string, ways: Cluster[]]> = [['the components', [hosting]], ['MySQL clients, by restart or by reload', [mysqlHosting, reloading]]];

for (const [whom, ways] of histories) {
	test(`${whom}: whatever is begun, killed, gone on with and turned round, and whoever crashes in between, nobody is ever refused, and what is then run to the end reaches its target`, t => {
		const way = fc.constantFrom(...ways);
		const run = fc.record({
			way,
			wish: fc.constantFrom(...wishes),
			writes: fc.integer({min: 1, max: 60}),
			// Between two runs the operator goes on with what it was asked for.
			rolls: fc.integer({min: 0, max: 8}),
			crashed: fc.option(fc.nat(7)),
		});
		t.notThrows(() => {
			fc.assert(fc.property(fc.array(run, {maxLength: 5}), fc.constantFrom(...wishes), way, (runs, last, lastWay) => {
				const world = new World(false, ways[0]);
				for (const one of runs) {
					killedRun(world, one.wish, one.writes, one.way);
					world.rollSome(one.rolls);
					if (one.crashed !== null) {
						world.crash(one.crashed);
					}
				}

				drive(world, planOf(world, last, lastWay));
			}), {numRuns: 150, seed: 20_261_125, includeErrorInReport: true});
		});
	});
}

test('--keep-backups removes the oldest, and never the one that a rollback goes back to', t => {
	const world = new World();
	const target = targetOf('retire', cluster);
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
