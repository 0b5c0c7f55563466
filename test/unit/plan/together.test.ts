import test from 'ava';
import {together} from '../../../src/plan/together.ts';
import type {Target} from '../../../src/plan/types.ts';
import {Killed} from '../../helpers/drive.ts';
import {makePair, rollBackPair, rotatePair} from '../../helpers/joint.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const target: Target = {
	route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
};
const plain: Target = {...target, retire: false};

const isKilled = (work: () => unknown): boolean => {
	try {
		work();
		return false;
	} catch (error) {
		if (error instanceof Killed) {
			return true;
		}

		throw error;
	}
};

const statesOf = (worlds: World[]) => structuredClone(worlds.map(({state}) => state));

/** Both trust one CA alone, the same. */
const isOne = (worlds: World[]): boolean => new Set(worlds.flatMap(({pods, secrets}) => [...pods.map(({bundle}) => bundle), ...Object.values(secrets).map(({bundle}) => bundle)])).size === 1;

for (const [name, wish] of [['without', plain], ['with', target]] as const) {
	test(`two clusters on one CA, ${name} retire: killed after any write, the same command reaches the target, and nobody of either is refused by anybody of both`, t => {
		const total = rotatePair(makePair(), {target: wish});
		t.true(total > 40);
		for (let writes = 1; writes < total; writes++) {
			const worlds = makePair();
			t.true(isKilled(() => rotatePair(worlds, {target: wish, writes})));
			t.notThrows(() => rotatePair(worlds, {target: wish}), `killed after write ${writes}`);
			t.true(isOne(worlds), `killed after write ${writes}`);
			// The old CA is gone: the same again would be another rotation.
			t.is(wish.retire ? 0 : rotatePair(worlds, {target: wish}), 0);
		}
	});
}

test('two clusters on one CA: taken back after any write, both are as before, and nobody of either is refused by anybody of both', t => {
	const total = rotatePair(makePair());
	for (let writes = 1; writes <= total; writes++) {
		const worlds = makePair();
		const before = statesOf(worlds);
		isKilled(() => rotatePair(worlds, {writes}));
		t.notThrows(() => rollBackPair(worlds), `taken back after write ${writes}`);
		t.deepEqual(statesOf(worlds), before, `taken back after write ${writes}`);
	}
});

test('two clusters on one CA: a way back that is killed after any write goes on', t => {
	const whole = makePair();
	rotatePair(whole);
	const total = rollBackPair(whole);
	for (let writes = 1; writes < total; writes++) {
		const worlds = makePair();
		const before = statesOf(worlds);
		rotatePair(worlds);
		t.true(isKilled(() => rollBackPair(worlds, writes)));
		t.notThrows(() => rollBackPair(worlds), `killed after write ${writes}`);
		t.deepEqual(statesOf(worlds), before, `killed after write ${writes}`);
	}
});

test('the second takes the new CA that the first has made', t => {
	const [first, second] = makePair();
	rotatePair([first!, second!]);
	t.is(second!.files['ca.pem'], first!.files['ca.pem']);
	t.is(second!.files['ca-key.pem'], first!.files['ca-key.pem']);
});

test('each phase of all of them comes before the next of any', t => {
	const members = makePair().map(world => ({cluster, observation: world.observe(), position: 'at rest' as const}));
	t.deepEqual(together(members, target), {
		leader: 0,
		parts: ['trust', 'reissue', 'retire'].flatMap(phase => [0, 1].map(member => ({phase, member}))) as never,
	});
	t.deepEqual(together(members, {...target, retire: false, until: 'trust'}), {leader: 0, parts: [{phase: 'trust', member: 0}, {phase: 'trust', member: 1}]});
});

test('clusters that do not share a CA are not rotated together', t => {
	const observation = observationOf(makeMaterial());
	const found = together([{cluster, observation: new World().observe(), position: 'at rest'}, {cluster, observation, position: 'at rest'}], target);
	t.true('why' in found && found.why.includes('do not share a CA'));
});

test('two that are on the way to CAs of their own are not rotated together: one must go back first', t => {
	const worlds = [new World(), new World(false, cluster, {made: 100})];
	for (const world of worlds) {
		isKilled(() => rotatePair([world], {writes: 4}));
	}

	const found = together(worlds.map(world => ({cluster, observation: world.observe(), position: 'trust'})), target);
	t.true('why' in found && found.why.includes('a CA of its own'));
});
