import test from 'ava';
import type {Target} from '../../src/plan/types.ts';
import {isKilled} from '../helpers/drive.ts';
import {makePair, rollBackPair, rotatePair} from '../helpers/joint.ts';
import {cluster} from '../helpers/observation.ts';
import type {World} from '../helpers/world.ts';

const target: Target = {
	route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
};
const plain: Target = {...target, retire: false};

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
