import type {Problem} from '../../cluster/problem.ts';
import type {Observation} from '../../observe/types.ts';
import {allHold} from '../../plan/judge.ts';
import {isCompanions} from '../../plan/judge-consumers.ts';
import type {Plan} from '../../plan/types.ts';

/**
Who is not ready for the phase that the plan begins or goes on with, of those that a person looks after. Of a later phase nobody has to be
ready yet: the plan's own steps ask then.
*/
export const consumerProblems = ({cluster, steps, from}: Plan, observation: Observation): Problem[] => {
	const left = steps.slice(from).filter(({phase}) => phase !== 'prepare');
	// What is left of the phase before may be a last look alone.
	const begins = left.find(({lines}) => lines.length > 0)?.phase;
	const needs = left.filter(({phase}) => phase === begins).flatMap(step => step.needs);
	const others = needs.find(condition => condition.is === 'consumers');
	const answers = needs.filter(({is}) => is === 'answered');
	// What another part of the same run writes is asked for when it is time.
	const {consumers} = observation;
	const seen = consumers ? {...observation, consumers: {...consumers, found: consumers.found.filter(one => !isCompanions(one, cluster))}} : observation;
	const {reasons} = allHold([...(others ? [{...others, whose: 'person'} as const] : []), ...answers], seen);
	return [...new Set(reasons)].map(what => ({code: 'consumer', what, fix: readyFix}));
};

/** What a person can do about a consumer that is not ready. */
export const readyFix = [
	'the cluster folder\'s ca.pem holds both CAs: put it there, or a leaf of the new CA where a leaf is missing, and restart what uses it',
	'or say that it is seen to: --i-have-handled NAME',
].join('; ');
