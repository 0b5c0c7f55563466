import test from 'ava';
import {askedIn, stepsOf} from '../../../src/report/steps.ts';
import {at, eventsOf, runRecord} from '../../helpers/run-record.ts';

const whole = runRecord();
const {plan} = whole;

test('a run to the end did every step, one after the other', t => {
	const steps = stepsOf(whole);
	t.deepEqual(steps.map(({step}) => step.id), plan.steps.map(({id}) => id));
	t.true(steps.every(({state}) => state === 'done'));
	t.deepEqual(steps.slice(1).map(({began}) => began), steps.slice(0, -1).map(({ended}) => ended));
});

test('a run that ends in a step tells which, and what was not come to', t => {
	const steps = stepsOf(runRecord({}, 'trust.rolled.pd'));
	const index = plan.steps.findIndex(({id}) => id === 'trust.rolled.pd');
	t.deepEqual(steps.map(({state}) => state), plan.steps.map((_, position) => position < index ? 'done' : (position === index ? 'stopped' : 'not begun')));
});

test('what an earlier run did is told apart, and so is what was there already', t => {
	const later = {...plan, from: 4};
	const {events} = eventsOf(later);
	const [first] = plan.steps.slice(4);
	const skipped = [{time: at(1), event: 'skip', facts: {step: first!.id}}, ...events.filter(({facts}) => facts.step !== first!.id)];
	const states = stepsOf({plan: later, events: skipped, began: at(0)}).map(({state}) => state);
	t.deepEqual(states.slice(0, 6), ['before', 'before', 'before', 'before', 'there', 'done']);
});

test('commands that ran side by side are told in the plan\'s order, those of one that failed with their status', t => {
	const step = plan.steps.find(({id}) => id === 'trust.apply')!;
	const events = eventsOf(plan).events.filter(({event, facts}) => event === 'command' && facts.step === step.id);
	const [told] = stepsOf({plan: {...plan, steps: [step]}, events: [...events.slice(0, 1).map(one => ({...one, facts: {...one.facts, status: 7}})), ...events.slice(1)].toReversed(), began: at(0)});
	t.deepEqual(told!.commands.map(({text}) => text), events.map(({facts}) => facts.command));
	t.deepEqual(told!.commands.map(({status}) => status), [7, 0, 0, 0]);
});

test('a gate that says no is told with its reasons', t => {
	const step = plan.steps.find(({needs}) => needs.length > 0);
	const [asked] = askedIn({
		plan, events: [{
			time: at(1), event: 'gate', facts: {
				step: step!.id, holds: false, reasons: ['basic-pd-0 port 2379: no'], proofs: [],
			},
		}],
	});
	t.like(asked, {when: 'before', holds: false, reasons: ['basic-pd-0 port 2379: no']});
});

test('every proof of the run stands at one of its gates', t => {
	t.true(whole.proofs.length > 0);
	t.deepEqual(askedIn(whole).flatMap(({proofs}) => proofs), whole.proofs);
});
