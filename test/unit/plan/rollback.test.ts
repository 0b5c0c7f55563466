import test from 'ava';
import {chooseBackup, rollbackSuffix} from '../../../src/plan/backups.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {folderFiles} from '../../../src/plan/prepare.ts';
import {rollbackPlan} from '../../../src/plan/rollback.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {drive, isKilled} from '../../helpers/drive.ts';
import {cluster} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const target: Target = {
	route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
};

const rotationOf = (world: World, retire = false): Plan => makePlan({
	cluster, target: {...target, retire}, observation: world.observe(), changed: {}, cure: false,
});

/** A run that is killed after so many writes. */
const killed = (world: World, plan: Plan, writes: number): boolean => isKilled(() => drive(world, plan, writes));

const wayBackOf = (world: World): Plan => {
	const observation = world.observe();
	const chosen = chooseBackup(observation, cluster);
	if ('problem' in chosen) {
		throw new Error(chosen.problem);
	}

	return rollbackPlan({
		cluster, observation, backup: chosen.backup, recreatePods: false, files: folderFiles(observation),
	});
};

/** The way back of a rotation that was killed after so many writes. */
const wayBack = (writes: number): Plan => {
	const world = new World();
	killed(world, rotationOf(world), writes);
	return wayBackOf(world);
};

const namesOf = (plan: Plan, kind: '.restart.' | 'verify'): string[] => kind === 'verify'
	? plan.steps.filter(({id}) => id === 'rollback-ca.verify').flatMap(({done}) => done.flatMap(condition => 'component' in condition ? [condition.component] : []))
	: plan.steps.filter(({id}) => id.includes(kind)).map(({id}) => id.slice(id.lastIndexOf('.') + 1));

test('from the middle of the first restarts, only those that were asked for go back, and of the others no restart is asked as evidence', t => {
	const plans = Array.from({length: 14}, (_, index) => wayBack(index + 1)).filter(plan => namesOf(plan, 'verify').length > 0);
	const restarts = plans.map(plan => namesOf(plan, '.restart.').join(' '));
	t.true(restarts.includes('pd'), restarts.join(', '));
	for (const plan of plans) {
		t.deepEqual(namesOf(plan, 'verify'), namesOf(plan, '.restart.'));
	}
});

test('a retire that is run later begins with a backup, and the way back still leads to the rotation\'s start', t => {
	const world = new World();
	const before = structuredClone(world.state);
	const plan = (retire: boolean): Plan => makePlan({
		cluster, target: {...target, retire}, observation: world.observe(), changed: {}, cure: false,
	});
	drive(world, plan(false));
	const later = plan(true);
	t.is(later.steps[later.from]?.id, 'prepare.backup');
	drive(world, later);
	const observation = world.observe();
	t.is(observation.folder.backups.length, 2);
	const chosen = chooseBackup(observation, cluster);
	t.false('problem' in chosen);
	if (!('problem' in chosen)) {
		world.suffix = rollbackSuffix;
		drive(world, rollbackPlan({
			cluster, observation, backup: chosen.backup, recreatePods: false, files: folderFiles(observation),
		}));
	}

	t.deepEqual(world.state, before);
});

test('a way back from a retire that had only begun keeps its goal when it is begun a second time', t => {
	const world = new World();
	const plan = (retire: boolean): Plan => makePlan({
		cluster, target: {...target, retire}, observation: world.observe(), changed: {}, cure: false,
	});
	const goal = (): string => {
		const chosen = chooseBackup(world.observe(), cluster);
		return 'problem' in chosen ? chosen.problem : chosen.backup.name;
	};

	drive(world, plan(false));
	const [start] = world.observe().folder.backups;
	t.true(isKilled(() => drive(world, plan(true), 1)));
	t.is(world.observe().folder.backups.length, 2);
	t.is(goal(), start!.name);
	const observation = world.observe();
	world.suffix = rollbackSuffix;
	const back = rollbackPlan({
		cluster, observation, backup: start!, recreatePods: false, files: folderFiles(observation),
	});
	t.true(isKilled(() => drive(world, back, 6)));
	t.is(goal(), start!.name);
});

test('a rotation that goes on from the middle of a way back, with some bundles gone back already, begins at trust again', t => {
	const world = new World();
	const plan = (): Plan => makePlan({
		cluster, target, observation: world.observe(), changed: {}, cure: false,
	});
	t.throws(() => drive(world, plan(), 18), {message: 'reissue.sign'});
	t.is(plan().steps[plan().from]?.id, 'reissue.apply');
	world.secrets.pd = {...world.secrets.pd!, bundle: world.files['ca.old.pem']!};
	const {steps, from} = plan();
	t.is(steps[from]?.phase === 'prepare' ? steps[from + 1]?.id : steps[from]?.id, 'trust.apply');
});

for (const retire of [false, true]) {
	test(`a rotation ${retire ? 'with retiring ' : ''}that goes on from the middle of a way back, with some leaves gone back already, makes those anew`, t => {
		const world = new World();
		killed(world, rotationOf(world), 27);
		world.suffix = rollbackSuffix;
		killed(world, wayBackOf(world), 3);
		world.suffix = '';
		// The folder follows the Secrets: it then has leaves of both CAs, as they have.
		killed(world, rotationOf(world), 1);
		const {certificates} = world.observe().folder;
		const [newCa] = certificates['ca.new.pem']!.certificates;
		t.notThrows(() => drive(world, rotationOf(world, retire)));
		const {secrets} = world.observe();
		t.deepEqual(Object.values(secrets).filter(({leaf}) => leaf.certificates[0]!.authorityKeyId !== newCa!.subjectKeyId).map(({name}) => name), []);
	});
}
