import test from 'ava';
import fc from 'fast-check';
import type {Observation} from '../../src/observe/types.ts';
import {chooseBackup, rollbackSuffix} from '../../src/plan/backups.ts';
import {makePlan} from '../../src/plan/make.ts';
import {folderFiles} from '../../src/plan/prepare.ts';
import {rollbackPlan} from '../../src/plan/rollback.ts';
import type {Plan, Target} from '../../src/plan/types.ts';
import {unplaced} from '../../src/plan/unplaced.ts';
import {check} from '../../src/run/preflight/check.ts';
import {drive, Ended, Killed} from '../helpers/drive.ts';
import {cluster, healthy} from '../helpers/observation.ts';
import {World} from '../helpers/world.ts';

/* Folder, Secrets and pods as tool, people and crashes may leave them: what the planner then does makes nothing worse. */
const routes = ['plain', 'retire', 'keep-ca', 'renew-ca', 'rollback'] as const;

type Route = typeof routes[number];

const targetOf = (route: Route): Target => ({
	route: route === 'keep-ca' || route === 'renew-ca' ? route : 'new-ca', retire: route === 'retire', leaves: cluster.components, strict: false,
});

/** The plan of `rotate`, after its checks; undefined where it refuses. */
const rotationPlan = (observation: Observation, target: Target): Plan | undefined => {
	const plan = makePlan({
		cluster, target, observation, changed: {}, cure: false,
	});
	const problems = check(healthy(facts => {
		Object.assign(facts, {
			cluster, target, observation, isResumed: plan.from > 0,
		});
	}));
	// The world's leaves are all of one kind, whatever their requests say, and its CAs last.
	const isRefused = unplaced(plan, observation) !== undefined || problems.some(({kind, code}) => kind !== 'question' && code !== 'lost' && code !== 'ca-not-due');
	return isRefused ? undefined : plan;
};

/** The plan of `rollback`; undefined where there is no way back. */
const wayBack = (observation: Observation): Plan | undefined => {
	const chosen = chooseBackup(observation, cluster);
	return 'problem' in chosen
		? undefined
		: rollbackPlan({
			cluster, observation, backup: chosen.backup, recreatePods: false, files: folderFiles(observation),
		});
};

/** How a run ends: refused before it begins, or ended by a condition on the way, is no harm. */
type End = 'refused' | 'ended' | 'killed' | 'done';

/** Plans, checks and runs as the commands do; throws when somebody is refused who was not before. */
const run = (world: World, route: Route, writes = Infinity): End => {
	world.suffix = route === 'rollback' ? rollbackSuffix : '';
	const observation = world.observe();
	const plan = route === 'rollback' ? wayBack(observation) : rotationPlan(observation, targetOf(route));
	if (!plan) {
		return 'refused';
	}

	const before = world.refusals();
	try {
		drive(world, plan, writes, () => [...world.refusals().difference(before)]);
		return 'done';
	} catch (error) {
		if (error instanceof Ended || error instanceof Killed) {
			return error instanceof Ended ? 'ended' : 'killed';
		}

		throw error;
	}
};

const deed = fc.record({
	what: fc.constantFrom<Array<Deed['what']>>('run', 'folder', 'secret', 'crash', 'roll'),
	route: fc.constantFrom(...routes),
	writes: fc.integer({min: 1, max: 60}),
	which: fc.nat({max: 63}),
});

type Deed = {what: 'run' | 'folder' | 'secret' | 'crash' | 'roll'; route: Route; writes: number; which: number};

const happen = (world: World, {what, route, writes, which}: Deed): void => {
	const deeds: Record<Deed['what'], () => void> = {
		run() {
			run(world, route, writes);
		},
		folder() {
			world.meddleFolder(which);
		},
		secret() {
			world.meddleSecret(which);
		},
		crash() {
			world.crash(which);
		},
		roll() {
			world.rollSome(which % 9);
		},
	};
	deeds[what]();
};

test('from whatever tool, people and crashes left, no write of a plan makes anybody refuse whom he did not refuse before', t => {
	const ends = new Map<End, number>();
	fc.assert(fc.property(fc.array(deed, {maxLength: 6}), fc.constantFrom(...routes), (deeds, route) => {
		const world = new World();
		for (const one of deeds) {
			happen(world, one);
		}

		const end = run(world, route);
		ends.set(end, (ends.get(end) ?? 0) + 1);
	}), {numRuns: 120, seed: 20_261_125, includeErrorInReport: true});
	t.log(Object.fromEntries(ends));
	t.true((ends.get('done') ?? 0) > 20);
	t.true((ends.get('refused') ?? 0) > 20);
});
