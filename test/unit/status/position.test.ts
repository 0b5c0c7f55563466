import test from 'ava';
import {makePlan} from '../../../src/plan/make.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {standing, standingOfMany} from '../../../src/status/position.ts';
import {drive, isKilled} from '../../helpers/drive.ts';
import {issuanceFor} from '../../helpers/issuance.ts';
import {cluster} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const whole: Target = {
	route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
};

const planOf = (world: World, target: Target): Plan => makePlan({
	cluster, target, observation: world.observe(), changed: {}, cure: false,
});

/** The world after each number of writes of a run that is killed then. */
const worlds = (target: Target): World[] => {
	const total = drive(new World(), planOf(new World(), target));
	return Array.from({length: total + 1}, (_, writes) => {
		const world = new World();
		if (writes > 0) {
			isKilled(() => drive(world, planOf(world, target), writes));
		}

		return world;
	});
};

const withoutRepeats = (names: string[]): string[] => names.filter((name, index) => name !== names[index - 1]);

const looks: Array<[who: string, look: (world: World) => string]> = [
	['one cluster', world => standing(cluster, world.observe()).name],
	['one of many', world => standingOfMany(cluster, world.observe()).name],
	['one of many, whose folder is elsewhere', world => {
		const observation = world.observe();
		return standingOfMany(cluster, {...observation, folder: {...observation.folder, exists: false}}).name;
	}],
];

const rotation = worlds(whole);
for (const [who, look] of looks) {
	test(`${who} passes through the phases in order`, t => {
		const names = withoutRepeats(rotation.map(world => look(world)));
		t.deepEqual(names, ['at rest', 'trust', 'reissue', 'old CA still trusted', 'retire', 'at rest']);
	});
}

for (const [who, look] of looks) {
	test(`${who}: a CA whose certificate is made anew is on its way from the first Secret on, and then at rest`, t => {
		const names = worlds({
			...whole, route: 'renew-ca', retire: false, leaves: [],
		}).map(world => look(world));
		t.deepEqual(withoutRepeats(names), ['at rest', 'CA renewal', 'at rest']);
	});
}

test('a renewal of leaves is told from a rotation where the folder is here', t => {
	const names = worlds({...whole, route: 'keep-ca', retire: false}).map(world => standing(cluster, world.observe()).name);
	t.deepEqual(withoutRepeats(names), ['at rest', 'renewal', 'at rest']);
});

test('where cert-manager renews the Secrets, a folder of earlier certificates is not said to agree with them', t => {
	const observation = {...rotation.at(-1)!.observe(), folder: rotation[0]!.observe().folder};
	const why = (): string => standing(cluster, observation).why.join('; ');
	t.regex(why(), /^folder, Secrets and pods agree/v);
	observation.issuance = issuanceFor(observation);
	t.regex(why(), /^every Secret trusts one and the same CA/v);
	observation.issuance.certificates = [];
	t.regex(why(), /^folder, Secrets and pods agree/v);
});

test('without a folder, the Secrets alone tell that two CAs are trusted', t => {
	const world = rotation.find(one => standing(cluster, one.observe()).name === 'old CA still trusted')!;
	const observation = world.observe();
	t.is(standing(cluster, {...observation, folder: {...observation.folder, exists: false, certificates: {}}}).name, 'old CA still trusted');
});
