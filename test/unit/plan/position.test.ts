import test from 'ava';
import {makePlan} from '../../../src/plan/make.ts';
import {isAsked, isGate} from '../../../src/plan/judge.ts';
import type {Plan, Step, Target} from '../../../src/plan/types.ts';
import type {Observation} from '../../../src/observe/types.ts';
import {cluster, makeMaterial} from '../../helpers/observation.ts';
import {type Generation, Simulation} from '../../helpers/simulate.ts';
import {makeLeaf} from '../../helpers/pki.ts';

const present: Generation = makeMaterial();
const next: Generation = makeMaterial();
const renewed: Generation = {ca: present.ca, leaves: Object.fromEntries(cluster.components.map(component => [component, makeLeaf(present.ca)]))};

const targets: Record<string, Target> = {
	plain: {
		route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
	},
	'--retire-old-ca': {
		route: 'new-ca', retire: true, leaves: cluster.components, strict: false,
	},
	'--keep-ca': {
		route: 'keep-ca', retire: false, leaves: cluster.components, strict: false,
	},
};

const plan = (target: Target, observation: Observation): Plan => makePlan({
	cluster, target, observation, changed: {}, cure: false,
});

/** Steps that leave something behind which tells that they were done. */
const isLasting = (step: Step): boolean => step.phase !== 'prepare' && step.done.every(condition => !isAsked(condition));

for (const [name, target] of Object.entries(targets)) {
	test(`${name}: after every step, the plan made anew goes on with the next one`, t => {
		const simulation = new Simulation(present, target.route === 'keep-ca' ? renewed : next);
		const {steps} = plan(target, simulation.observe());
		for (const [index, step] of steps.entries()) {
			simulation.take(step);
			const rest = steps.slice(index + 1);
			// Leaves that are written and restarted leave nothing open: what a second run would do is a new rotation, which --min-age stops.
			const isOver = target.route === 'keep-ca' && rest.every(one => !isLasting(one));
			if (isOver || rest.length === 0 || !isLasting(step)) {
				continue;
			}

			const again = plan(target, simulation.observe());
			const expected = rest.filter(one => one.phase !== 'prepare').map(({id}) => id);
			const actual = again.steps.slice(again.from).filter(one => one.phase !== 'prepare').map(({id}) => id);
			t.deepEqual(actual, expected, `after ${step.id}`);
		}
	});
}

test('a reissue of which some Secrets have their new leaf goes on with writing the others, behind the trust gate', t => {
	const target = targets.plain!;
	const simulation = new Simulation(present, next);
	const {steps} = plan(target, simulation.observe());
	for (const step of steps.slice(0, steps.findIndex(({id}) => id === 'reissue.apply'))) {
		simulation.take(step);
	}

	simulation.applyOne('tikv');
	const again = plan(target, simulation.observe());
	const first = again.steps[again.from]!;
	t.is(first.id, 'reissue.apply');
	t.deepEqual(first.needs.filter(condition => isGate(condition)).map(condition => condition.component), ['pd', 'tikv', 'tidb']);
});

test('a cluster at rest begins with a backup', t => {
	const simulation = new Simulation(present, next);
	const {steps, from} = plan(targets.plain!, simulation.observe());
	t.is(steps[from]!.id, 'prepare.backup');
});

test('after a whole rotation with --retire-old-ca the cluster is at rest again', t => {
	const simulation = new Simulation(present, next);
	for (const step of plan(targets['--retire-old-ca']!, simulation.observe()).steps) {
		simulation.take(step);
	}

	t.is(plan(targets.plain!, simulation.observe()).from, 0);
});
