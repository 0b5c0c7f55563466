import {chooseBackup, rollbackSuffix} from '../../src/plan/backups.ts';
import {makePlan} from '../../src/plan/make.ts';
import {positionOf} from '../../src/plan/place.ts';
import {folderFiles} from '../../src/plan/prepare.ts';
import {rollbackPlan} from '../../src/plan/rollback.ts';
import {
	backParts,
	caBefore,
	isBack,
	upTo,
} from '../../src/plan/together-back.ts';
import {targetIn, together} from '../../src/plan/together.ts';
import type {Plan, Target} from '../../src/plan/types.ts';
import {drive} from './drive.ts';
import {cluster} from './observation.ts';
import {dangersAmong, World} from './world.ts';

const folders = ['/first', '/second'];

const whole: Target = {
	route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
};

/** Two clusters with leaves of one CA, whose processes and clients call each other. */
export const makePair = (): World[] => {
	const first = new World();
	return [first, new World(false, cluster, {made: 100, neighbours: {[folders[0]!]: first}})];
};

const planIn = (world: World, target: Target, newCaFrom?: string): Plan => {
	world.suffix = '';
	return makePlan({
		cluster, target, observation: world.observe(), changed: {}, cure: false, newCaFrom,
	});
};

/** Runs plans after each other, and is killed after so many writes of all of them. */
const runner = (worlds: World[], writes: number) => {
	let done = 0;
	return {
		run(world: World, plan: Plan): void {
			done += drive(world, plan, writes - done, () => dangersAmong(worlds.flatMap(one => one.sides())));
		},
		done: () => done,
	};
};

/**
The rotation of both, as `rotate --cluster a --cluster b` goes on with it from how they stand.
@throws Killed, Ended or Unsafe as `drive`, where a certificate of either is refused by anybody of both.
@returns how many writes it took.
*/
export const rotatePair = (worlds: World[], {target = whole, writes = Infinity} = {}): number => {
	const members = worlds.map(world => {
		const observation = world.observe();
		return {cluster, observation, position: positionOf(planIn(world, whole), observation).name};
	});
	const found = together(members, target);
	if ('why' in found) {
		throw new Error(found.why);
	}

	const {run, done} = runner(worlds, writes);
	for (const {phase, member} of found.parts) {
		const world = worlds[member]!;
		run(world, planIn(world, targetIn[phase](target), member === found.leader ? undefined : folders[found.leader]));
	}

	return done();
};

/** The way back of both, as `rollback --cluster a --cluster b`. Throws and returns as `rotatePair`. */
export const rollBackPair = (worlds: World[], writes = Infinity): number => {
	const backupOf = (world: World) => {
		const chosen = chooseBackup(world.observe(), cluster);
		return 'backup' in chosen ? chosen.backup : undefined;
	};

	const isOpen = (world: World): boolean => 'ca.old.pem' in world.files;
	const first = worlds.find(world => isOpen(world)) ?? worlds[0]!;
	const ca = caBefore(first.observe(), backupOf(first));
	const backs = worlds.filter(world => !(ca && isBack(world.observe(), ca))).map(world => ({world, name: backupOf(world)!.name}));
	const {run, done} = runner(worlds, writes);
	for (const part of backParts) {
		for (const {world, name} of backs) {
			world.suffix = rollbackSuffix;
			const observation = world.observe();
			const backup = observation.folder.backups.find(one => one.name === name)!;
			const plan = rollbackPlan({
				cluster, observation, backup, recreatePods: false, files: folderFiles(observation),
			});
			run(world, upTo(plan, part));
		}
	}

	return done();
};
