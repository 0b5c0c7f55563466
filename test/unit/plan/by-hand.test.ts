import test from 'ava';
import {chooseBackup} from '../../../src/plan/backups.ts';
import {allParts, caFiles} from '../../../src/plan/ca-files.ts';
import {changeCa} from '../../../src/plan/lines.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {folderFiles} from '../../../src/plan/prepare.ts';
import {rollbackPlan} from '../../../src/plan/rollback.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {unplaced} from '../../../src/plan/unplaced.ts';
import {drive} from '../../helpers/drive.ts';
import {cluster} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const target: Target = {
	route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
};

const planOf = (world: World, wish: Target = target): Plan => makePlan({
	cluster, target: wish, observation: world.observe(), changed: {}, cure: false,
});

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

/** The commands of items 1 to 3 that a person types, one after the other. */
const commands = changeCa(allParts).flatMap(line => line.commands);

const type = (world: World, count: number): void => {
	world.run({commands: commands.slice(0, count), changes: 'files'});
};

type Hand = [title: string, work: (world: World) => void];

const stops: Hand[] = commands.map(({stages}, index) => [`after ${stages.flat().filter(word => typeof word === 'string').slice(0, 4).join(' ')}`, world => {
	type(world, index + 1);
}]);

const accidents: Hand[] = [
	['after cfssljson had written the certificate and not its key', world => {
		type(world, 3);
		delete world.files['ca-key.pem'];
	}],
	['after cfssljson had written half of the certificate', world => {
		type(world, 3);
		world.files['ca.pem'] = world.files['ca.pem']!.slice(0, 300);
		delete world.files['ca-key.pem'];
	}],
	['after cfssljson had written half of the key', world => {
		type(world, 3);
		world.files['ca-key.pem'] = world.files['ca-key.pem']!.slice(0, 100);
	}],
	['after the old CA was copied instead of moved', world => {
		world.files['ca.old.pem'] = world.files['ca.pem']!;
	}],
	['after the old CA and its key were copied instead of moved', world => {
		world.files['ca.old.pem'] = world.files['ca.pem']!;
		world.files['ca-key.old.pem'] = world.files['ca-key.pem']!;
	}],
	['after the two were combined the wrong way round', world => {
		type(world, 5);
		world.files['ca.pem'] = world.files['ca.old.pem']! + world.files['ca.new.pem']!;
	}],
	['after the new CA was combined with itself', world => {
		type(world, 5);
		world.files['ca.pem'] = world.files['ca.new.pem']!.repeat(2);
	}],
	['after the old CA was taken for the new one as well', world => {
		type(world, 2);
		world.files['ca.new.pem'] = world.files['ca.old.pem']!;
		world.files['ca.pem'] = world.files['ca.old.pem']!.repeat(2);
	}],
];

for (const [title, work] of [...stops, ...accidents]) {
	test(`by hand, ${title}: the plan goes on to the target, and nobody is refused`, t => {
		const world = new World();
		work(world);
		t.is(unplaced(planOf(world), world.observe()), undefined);
		drive(world, planOf(world));
		t.is(caFiles(world.observe()).is, 'combined');
		t.deepEqual([...new Set(world.pods.map(({bundle}) => bundle))], [world.files['ca.pem']]);
		t.true(world.trusts('pd', 'ca.old.pem').every(Boolean));
		drive(world, planOf(world, {...target, retire: true}));
		t.is(caFiles(world.observe()).is, 'at rest');
	});

	test(`by hand, ${title}: what is gone on with can be rolled back to what was before`, t => {
		const world = new World();
		const before = structuredClone(world.state);
		work(world);
		drive(world, planOf(world));
		drive(world, wayBack(world));
		t.deepEqual(world.state, before);
	});
}

test('by hand, items 1 to 3 a second time over a rotation that was not retired: the plan goes on with three CAs, then with one', t => {
	for (const count of [1, 3, 6]) {
		const world = new World();
		drive(world, planOf(world));
		// The second item 1 finds no ca-key.pem to move.
		const second = commands.filter((_, index) => index !== 1);
		world.run({commands: second.slice(0, count === 1 ? 1 : count - 1), changes: 'files'});
		t.is(unplaced(planOf(world), world.observe()), undefined, `${count} commands`);
		drive(world, planOf(world));
		t.is(world.observe().folder.certificates['ca.pem']!.certificates.length, 3);
		drive(world, planOf(world, {...target, retire: true}));
		t.is(world.observe().folder.certificates['ca.pem']!.certificates.length, 1);
		t.is(new Set(world.pods.map(({bundle}) => bundle)).size, 1);
	}
});

test('a way back from what was only begun by hand is refused, with what to move', t => {
	const world = new World();
	drive(world, planOf(world, {...target, retire: true}));
	type(world, 3);
	t.throws(() => wayBack(world), {message: /begun by hand.*put ca\.old\.pem and its key back/v});
});

test('an old CA that signed none of the leaves in use is described, and nothing is planned', t => {
	const world = new World();
	drive(world, planOf(world, {...target, retire: true}));
	const stale = Object.values(world.backups)[0]!;
	world.files['ca.old.pem'] = stale['ca.pem']!;
	const found = unplaced(planOf(world), world.observe());
	t.regex(found!.why, /ca\.old\.pem: CA \p{ASCII_Hex_Digit}+ of .* \(is in no Secret\)/v);
	t.regex(found!.why, /ca\.pem: CA \p{ASCII_Hex_Digit}+ of .* \(signed the leaves in use\)/v);
});
