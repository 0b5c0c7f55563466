import test from 'ava';
import {together} from '../../../src/plan/together.ts';
import type {Target} from '../../../src/plan/types.ts';
import {isKilled} from '../../helpers/drive.ts';
import {makePair, rotatePair} from '../../helpers/joint.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const target: Target = {
	route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
};

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
