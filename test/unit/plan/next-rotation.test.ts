import test from 'ava';
import {makePlan} from '../../../src/plan/make.ts';
import {afterRetire, followedBy} from '../../../src/plan/next-rotation.ts';
import type {Plan, Target} from '../../../src/plan/types.ts';
import type {Observation} from '../../../src/observe/types.ts';
import {targets, takeUpTo} from '../../helpers/foresee.ts';
import {cluster, makeMaterial} from '../../helpers/observation.ts';
import {Simulation} from '../../helpers/simulate.ts';

const plan = (target: Target, observation: Observation): Plan => makePlan({
	cluster, target, observation, changed: {}, cure: false,
});

/** A cluster whose rotation is finished but for its old CA. */
const unretired = (): Simulation => {
	const simulation = new Simulation(makeMaterial(), makeMaterial());
	takeUpTo(simulation, targets.plain, 'reissue.verify');
	return simulation;
};

test('what is foreseen for the time after retire is what is planned then', t => {
	const simulation = unretired();
	const before = simulation.observe();
	const foreseen = plan(targets.plain, afterRetire(before, {}));
	takeUpTo(simulation, targets.retire, 'retire.tidy');
	const expected = plan(targets.plain, simulation.observe());
	t.is(expected.from, 0);
	t.deepEqual(foreseen.steps, expected.steps);
});

test('requests that the plan before it writes are read as written', t => {
	const {folder} = afterRetire(unretired().observe(), {'ca-csr.json': '{"CN": "TiDB 2"}'});
	t.deepEqual(folder.requests['ca-csr.json'], {value: {CN: 'TiDB 2'}});
});

test('two plans as one are the first, and then what the second still does', t => {
	const before = unretired().observe();
	const [first, second] = [plan(targets.retire, before), plan(targets.plain, afterRetire(before, {}))];
	const both = followedBy(first, second);
	t.deepEqual(both.steps.map(({id}) => id), [...first.steps, ...second.steps].map(({id}) => id));
	t.is(both.from, first.from);
	t.is(both.target, second.target);
});
