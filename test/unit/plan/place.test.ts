import test from 'ava';
import {reached} from '../../../src/plan/decide.ts';
import {makePlan} from '../../../src/plan/make.ts';
import {positionOf, positionText} from '../../../src/plan/place.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import {drive, isKilled} from '../../helpers/drive.ts';
import {cluster} from '../../helpers/observation.ts';
import {World} from '../../helpers/world.ts';

const whole: Target = {
	route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
};

const planOf = (world: World, target: Target): Plan => makePlan({
	cluster, target, observation: world.observe(), changed: {}, cure: false,
});

/** The position after each number of writes of a run that is killed then. */
const positions = (target: Target, asked = target): string[] => {
	const total = drive(new World(), planOf(new World(), target));
	return Array.from({length: total + 1}, (_, writes) => {
		const world = new World();
		if (writes > 0) {
			isKilled(() => drive(world, planOf(world, target), writes));
		}

		const observation = world.observe();
		return positionOf(planOf(world, asked), observation).name;
	});
};

const withoutRepeats = (names: string[]): string[] => names.filter((name, index) => name !== names[index - 1]);

test('a whole rotation passes through its phases in order, and ends at rest', t => {
	t.deepEqual(withoutRepeats(positions(whole)), ['at rest', 'trust', 'reissue', 'retire', 'at rest']);
});

test('a rotation without retire ends with the old CA still trusted', t => {
	t.deepEqual(withoutRepeats(positions({...whole, retire: false})), ['at rest', 'trust', 'reissue', 'old CA still trusted']);
});

test('a renewal of leaves is told from a rotation', t => {
	t.deepEqual(withoutRepeats(positions({...whole, route: 'keep-ca', retire: false})), ['at rest', 'renewal', 'at rest']);
});

test('a CA whose certificate is made anew is told from both', t => {
	t.deepEqual(withoutRepeats(positions({
		...whole, route: 'renew-ca', retire: false, leaves: [],
	})), ['at rest', 'CA renewal', 'at rest']);
});

test('the reasons name the Secrets that lack the combined CA', t => {
	const world = new World();
	t.true(isKilled(() => drive(world, planOf(world, whole), 3)));
	const position = positionOf(planOf(world, whole), world.observe());
	t.is(position.name, 'trust');
	const secrets = position.why.filter(reason => reason.startsWith('ca.crt of Secret'));
	t.deepEqual(secrets, ['tikv-cluster', 'tidb-cluster', 'cluster-client'].map(name => `ca.crt of Secret basic-${name}-secret is not ca.pem`));
});

test('at most so many reasons are told that a person reads them', t => {
	const world = new World();
	t.true(isKilled(() => drive(world, planOf(world, whole), 6)));
	const plan = planOf(world, whole);
	const observation = world.observe();
	const text = positionText(positionOf(plan, observation));
	t.true(text.split('\n').length < 9, text);
});

test('a new CA that was begun by hand is told as that', t => {
	const world = new World();
	world.run({commands: [{stages: [['mv', 'ca.pem', 'ca.old.pem']]}], changes: 'files'});
	const observation = world.observe();
	const plan = planOf(world, whole);
	t.is(positionText(positionOf(plan, observation)), [
		'Position: begun',
		'  the old CA is put aside, a new one is not made yet',
		'  left of the documents\' items 1 to 3: keep the key, make, name the certificate, name the key, combine',
	].join('\n'));
});

test('nothing is said to be done before the last pod has been restarted', t => {
	const target = {...whole, retire: false};
	const total = drive(new World(), planOf(new World(), target));
	for (let writes = 1; writes <= total; writes++) {
		const world = new World();
		isKilled(() => drive(world, planOf(world, target), writes));
		t.is(reached(planOf(world, target), world.observe()), writes === total, `after ${writes} of ${total} writes`);
	}
});

test('a renewal is gone on with until the last pod has been restarted, where it is a young one', t => {
	const target: Target = {...whole, route: 'keep-ca', retire: false};
	const world = new World();
	const total = drive(new World(), planOf(new World(), target));
	t.true(isKilled(() => drive(world, planOf(world, target), total - 1)));
	// The operator deletes the last pod: what is there was made for the present certificates.
	const observation = world.observe();
	const behind = observation.pods.filter(pod => pod.material !== observation.sets.find(set => set.component === pod.component)!.material);
	t.true(behind.length > 0);
	const pods = observation.pods.filter(pod => !behind.includes(pod));
	const plan = (isYoung: boolean): Plan => makePlan({
		cluster, target, observation: {...observation, pods}, changed: {}, cure: false, isYoung,
	});
	t.true(plan(true).from > 0);
	t.is(plan(false).from, 0);
});

test('no reason is told twice', t => {
	for (let writes = 1; writes < 20; writes++) {
		const world = new World();
		t.true(isKilled(() => drive(world, planOf(world, whole), writes)));
		const {why} = positionOf(planOf(world, whole), world.observe());
		t.is(new Set(why).size, why.length, why.join('\n'));
	}
});
