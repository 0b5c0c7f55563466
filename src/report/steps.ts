import type {Proof, Step} from '../plan/types.ts';
import {shell} from '../render/shell.ts';
import type {RunEvent, RunRecord} from './record.ts';

/** A command of the plan that was run, and its exit status. */
type Ran = {text: string; status: number};

/**
A step as it went. `before`: an earlier run did it; `there`: its effect was there already; `stopped`: the run ended in it, at its gate,
its commands or its wait. Without `began` it was not come to.
*/
export type StepRecord = {
	step: Step;
	state: 'before' | 'there' | 'done' | 'stopped' | 'not begun';
	began?: string;
	ended?: string;
	commands: Ran[];
};

/** What was asked of the pods at one place of the plan, and what came of it. */
export type Asked = {step: Step; when: 'before' | 'after'; time: string; holds: boolean; reasons: string[]; proofs: Proof[]};

type Told = Pick<RunRecord, 'plan' | 'events' | 'began'> & {ended?: string};

const ofStep = (events: RunEvent[], {id}: Step): RunEvent[] => events.filter(({facts}) => facts.step === id);

/** Those that ran side by side came to their ends in any order: the plan's is the one to tell. */
const ranIn = (events: RunEvent[], {lines}: Step): Ran[] => {
	const order = lines.map(line => shell(line));
	return events.filter(({event}) => event === 'command')
		.map(({facts}) => ({text: String(facts.command), status: Number(facts.status)}))
		.toSorted((one, other) => order.indexOf(one.text) - order.indexOf(other.text));
};

/** The plan's steps as the events tell of them. A step begins where the one before it ended, with its gate. Pure. */
export const stepsOf = ({plan, events, began, ended}: Told): StepRecord[] => {
	let since = began;
	return plan.steps.map((step, index): StepRecord => {
		if (index < plan.from) {
			return {step, state: 'before', commands: []};
		}

		const own = ofStep(events, step);
		const over = own.find(({event}) => ['end', 'skip'].includes(event));
		if (over) {
			const from = since;
			since = over.time;
			return {
				step, state: over.event === 'skip' ? 'there' : 'done', began: from, ended: over.time, commands: ranIn(own, step),
			};
		}

		return own.length === 0
			? {step, state: 'not begun', commands: []}
			: {
				step, state: 'stopped', began: since, ...(ended !== undefined && {ended}), commands: ranIn(own, step),
			};
	});
};

/** Every gate of a run in order, with the proofs that were taken. Pure. */
export const askedIn = ({plan, events}: Pick<RunRecord, 'plan' | 'events'>): Asked[] => events.flatMap(({time, event, facts}): Asked[] => {
	const step = plan.steps.find(({id}) => id === facts.step);
	const proofs = (facts.proofs ?? []) as Proof[];
	if (!step || !(event === 'gate' || (event === 'end' && proofs.length > 0))) {
		return [];
	}

	return [{
		step, when: event === 'gate' ? 'before' : 'after', time, holds: event === 'end' || facts.holds === true, reasons: (facts.reasons ?? []) as string[], proofs,
	}];
});
