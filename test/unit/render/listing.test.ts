import test from 'ava';
import type {Plan, Step} from '../../../src/plan/types.ts';
import {listing} from '../../../src/render/listing.ts';
import {shell} from '../../../src/render/shell.ts';
import {foresee, targets, takeUpTo} from '../../helpers/foresee.ts';
import {cluster, makeMaterial} from '../../helpers/observation.ts';
import {Simulation} from '../../helpers/simulate.ts';

const [present, next] = [makeMaterial(), makeMaterial()];

/** The lines behind one of these marks, without it. */
const behind = (text: string, mark: RegExp): string[] => text.split('\n').filter(line => mark.test(line)).map(line => line.replace(mark, ''));

const commandLines = (steps: Step[]): string[] => steps.flatMap(({lines}) => lines.flatMap(line => shell(line).split('\n')));

for (const [name, target] of Object.entries(targets)) {
	test(`${name}: every command of the plan is there, as it runs and in its order`, t => {
		const {plan} = foresee(new Simulation(present, next), target);
		t.deepEqual(behind(listing(plan), /^ {6}[!$] /v), commandLines(plan.steps));
	});
}

test('what is done already is marked so, command by command, and nothing else is', t => {
	const simulation = new Simulation(present, next);
	takeUpTo(simulation, targets.plain, 'trust.apply');
	const {plan} = foresee(simulation, targets.plain);
	const text = listing(plan);
	t.deepEqual(behind(text, /^ {4}✓ ! /v), commandLines(plan.steps.slice(0, plan.from)));
	t.deepEqual(behind(text, /^ {6}! /v), commandLines(plan.steps.slice(plan.from)));
	t.deepEqual(behind(text, /^✓ /v), plan.steps.slice(0, plan.from).map(({title}) => `${title} (done already)`));
});

const only = (step: Partial<Step>): Plan => ({
	cluster,
	target: targets.plain,
	steps: [{
		id: 'trust.one', phase: 'trust', title: 'One', docs: 'page.md#part', needs: [], lines: [], independent: false, done: [], skip: [], limit: 'at once', ...step,
	}],
	from: 0,
});

test('a command that reads is marked otherwise than one that changes', t => {
	const text = listing(only({
		lines: [
			{commands: [{stages: [['kubectl', 'get', 'pods']]}], changes: 'nothing'},
			{commands: [{stages: [['touch', 'file']]}], changes: 'files'},
			{commands: [{stages: [['kubectl', 'delete', 'pod', 'pd-0']]}], changes: 'cluster'},
		],
	}));
	t.deepEqual(text.split('\n').slice(-4), ['      $ kubectl get pods', '      ! touch file', '      ! kubectl delete pod pd-0', '']);
});

test('each line of a command of several lines has its mark', t => {
	const text = listing(only({lines: [{commands: [{stages: [['cat']], stdin: '{}\n', stdout: 'ca-csr.json'}], changes: 'files'}]}));
	t.deepEqual(behind(text, /^ {6}! /v), ['cat << \'EOF\' > ca-csr.json', '{}', 'EOF']);
});

test('a gate stands before the commands, a wait after them, each once for all its components', t => {
	const text = listing(only({
		needs: [{is: 'trusts', component: 'pd', strict: false}, {is: 'trusts', component: 'tikv', strict: false}],
		lines: [{commands: [{stages: [['touch', 'file']]}], changes: 'files'}],
		done: [{is: 'recreated', component: 'pd'}],
		limit: 'while it progresses',
	}));
	t.deepEqual(text.split('\n').slice(-5), [
		'  One',
		'      ? every pd and tikv pod accepts a throwaway leaf of the new CA, and none of a CA that nobody trusts',
		'      ! touch file',
		'      … every pd pod was made again and is Ready',
		'',
	]);
});
