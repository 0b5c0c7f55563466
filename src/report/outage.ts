import type {RunRecord} from './record.ts';
import {between, clock, took} from './time.ts';

/** When the cluster was not available, by the journal: at most from one time to the other (ISO 8601, UTC). */
export type Outage = {
	from: string;
	until: string;
	/** It had begun before this run. */
	isEarlier: boolean;
};

/**
How long an outage that belongs to the plan was in this run: from before the first command of the steps that are one until every pod was
seen to accept the new certificates. Undefined where the plan has none, or the run did not come to its end. Pure.
*/
export const outageOf = ({plan, events}: Pick<RunRecord, 'plan' | 'events'>): Outage | undefined => {
	const steps = plan.steps.filter(({outage}) => outage).map(({id}) => id);
	const from = events.find(({event, facts}) => event === 'begin' && steps.includes(String(facts.step)));
	const until = events.find(({event, facts}) => event === 'end' && facts.step === steps.at(-1));
	return from && until && {from: from.time, until: until.time, isEarlier: from.facts.step !== steps[0]};
};

/** The same for a person. */
export const outageText = ({from, until, isEarlier}: Outage): string => {
	const began = isEarlier ? 'where this run went on; the outage had begun before' : 'the first Secret';
	return `at most ${took(between(from, until))}${isEarlier ? ' in this run' : ''}, from ${clock(from)} (${began}) until ${clock(until)} (every pod was seen to accept the new certificates)`;
};
