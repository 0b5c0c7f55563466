import test from 'ava';
import fc from 'fast-check';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import {chooseBackup} from '../../../src/plan/backups.ts';
import {reached} from '../../../src/plan/decide.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {folderFiles} from '../../../src/plan/prepare.ts';
import {isRenewingCa} from '../../../src/plan/renewing.ts';
import {rollbackPlan} from '../../../src/plan/rollback.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {unplaced} from '../../../src/plan/unplaced.ts';
import {drive, isKilled} from '../../helpers/drive.ts';
import {cluster} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const target: Target = {
	route: 'renew-ca', retire: false, leaves: [], strict: false,
};

const planOf = (world: World, asked: Partial<Target> = {}): Plan => makePlan({
	cluster, target: {...target, ...asked}, observation: world.observe(), changed: {}, cure: false,
});

const killed = (world: World, plan: Plan, writes: number): boolean => isKilled(() => drive(world, plan, writes));

const wayBack = (world: World): Plan => {
	const observation = world.observe();
	const chosen = chooseBackup(observation, cluster);
	if ('problem' in chosen) {
		throw new Error(chosen.problem);
	}

	return rollbackPlan({
		cluster, observation, backup: chosen.backup, recreatePods: false, files: folderFiles(observation),
	});
};

const total = drive(new World(), planOf(new World()));

const restarts = ({steps}: Plan): string[] => steps.filter(({id}) => id.includes('.restart.')).map(({id}) => id);

test('each component is restarted once, and no leaf, nor the key, is another afterwards', t => {
	const world = new World();
	const before = {...world.files};
	const plan = planOf(world);
	t.deepEqual(restarts(plan), ['renew.restart.pd', 'renew.restart.tikv', 'renew.restart.tidb']);
	drive(world, plan);
	const changed = Object.keys(world.files).filter(file => world.files[file] !== before[file]);
	t.deepEqual(changed, ['ca.pem']);
	const ca = readCertificates(world.files['ca.pem']!).certificates;
	t.is(ca.length, 1);
	t.is(readKey(before['ca-key.pem'] ?? '').publicKey, ca[0]!.publicKey);
	t.true(world.pods.every(({bundle}) => bundle === world.files['ca.pem']));
});

test('killed after any write it is seen to be under way until every pod was restarted, and only then', t => {
	for (let writes = 1; writes < total; writes++) {
		const world = new World();
		t.true(killed(world, planOf(world), writes));
		// The first write is the backup.
		t.is(isRenewingCa(world.observe()), writes > 1, `killed after write ${writes}`);
	}

	const world = new World();
	drive(world, planOf(world));
	t.false(isRenewingCa(world.observe()));
});

test('gone on with after any write, the certificate is made once', t => {
	for (let writes = 2; writes < total; writes++) {
		const world = new World();
		killed(world, planOf(world), writes);
		const made = world.files['ca.pem']!;
		drive(world, planOf(world));
		t.is(world.files['ca.pem'], made, `killed after write ${writes}`);
	}
});

test('while it is under way every other way is refused, and its own and the way back are named', t => {
	for (const route of ['new-ca', 'keep-ca'] as const) {
		for (let writes = 2; writes < total; writes++) {
			const world = new World();
			killed(world, planOf(world), writes);
			const found = unplaced(planOf(world, {route, leaves: cluster.components}), world.observe());
			t.regex(found?.instead ?? '', /rotate -- --cluster basic --renew-ca; or go back: npm run rollback/v, `${route}, killed after write ${writes}`);
			t.is(unplaced(planOf(world), world.observe()), undefined);
		}
	}
});

test('between trust and retire two CAs are trusted, and --renew-ca is refused', t => {
	const rotation: Partial<Target> = {route: 'new-ca', leaves: cluster.components};
	const writesOfAll = drive(new World(), planOf(new World(), rotation));
	for (let writes = 2; writes <= writesOfAll; writes++) {
		const world = new World();
		killed(world, planOf(world, rotation), writes);
		t.regex(unplaced(planOf(world), world.observe())?.why ?? '', /two CAs are trusted/v, `after write ${writes}`);
	}
});

test('a Secret that trusts two CAs without a rotation in the folder is refused as well', t => {
	const world = new World();
	world.secrets.pd!.bundle += makeOther();
	t.regex(unplaced(planOf(world), world.observe())?.why ?? '', /two CAs are trusted/v);
});

const makeOther = (): string => {
	const other = new World();
	drive(other, planOf(other, {route: 'new-ca', retire: true, leaves: cluster.components}));
	return other.files['ca.pem']!;
};

test('a full rotation after it begins from the renewed CA, and nobody is refused', t => {
	const world = new World();
	drive(world, planOf(world));
	const plan = planOf(world, {route: 'new-ca', retire: true, leaves: cluster.components});
	t.is(unplaced(plan, world.observe()), undefined);
	t.notThrows(() => drive(world, plan));
	t.is(new Set(world.pods.map(({bundle}) => bundle)).size, 1);
});

test('the way back restarts those components alone that were made for the renewed CA', t => {
	for (let writes = 2; writes <= total; writes++) {
		const world = new World();
		killed(world, planOf(world), writes);
		const asked = ['pd', 'tikv', 'tidb'].filter(component => world.observe().sets.find(set => set.component === component)?.material !== '');
		t.deepEqual(restarts(wayBack(world)).map(id => id.slice(id.lastIndexOf('.') + 1)), asked, `killed after write ${writes}`);
	}
});

test('after a way back that was killed anywhere, either way reaches its end, and nobody is refused', t => {
	const way = (): World => {
		const world = new World();
		drive(world, planOf(world));
		return world;
	};

	const whole = way();
	const writesBack = drive(whole, wayBack(whole));
	fc.assert(fc.property(fc.integer({min: 1, max: writesBack - 1}), fc.integer({min: 0, max: 8}), fc.boolean(), (writes, rolls, isForward) => {
		const world = way();
		world.suffix = '-before-rollback';
		killed(world, wayBack(world), writes);
		world.rollSome(rolls);
		world.suffix = isForward ? '' : '-before-rollback';
		drive(world, isForward ? planOf(world) : wayBack(world));
		t.is(new Set(world.pods.map(({bundle}) => bundle)).size, 1);
	}), {numRuns: 60, seed: 20_261_125});
});

test('once every pod was restarted, nothing but a last look is left', t => {
	const world = new World();
	const plan = planOf(world);
	drive(world, plan);
	t.true(reached({...plan, from: plan.steps.findIndex(({id}) => id === 'renew.verify')}, world.observe()));
});

test('a way back from a backup that was made while a pod still had the renewed CA takes that pod along', t => {
	const world = new World();
	// Every Secret is written, then PD asked to restart, and one of its pods has.
	t.true(killed(world, planOf(world), 6));
	t.true(killed(world, planOf(world), 1));
	world.rollSome(1);
	world.suffix = '-before-rollback';
	t.true(killed(world, wayBack(world), 6));
	world.suffix = '';
	t.true(killed(world, planOf(world), 1));
	world.suffix = '-before-rollback';
	t.notThrows(() => drive(world, wayBack(world)));
	t.true(world.pods.every(({bundle}) => bundle === world.files['ca.pem']));
});
