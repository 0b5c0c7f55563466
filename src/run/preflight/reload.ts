import type {Problem} from '../../cluster/problem.ts';
import {bySql} from '../../observe/sql.ts';
import type {Observation} from '../../observe/types.ts';
import {podsOf} from '../../plan/judge-roll.ts';
import type {Plan} from '../../plan/types.ts';
import {type SqlOptions, sqlPlaces} from '../sql-places.ts';

/** TiDB asks for the privilege when a statement is prepared: nothing is done by that. */
const prepared = (statement: string): string => `PREPARE reload FROM '${statement}'`;

/**
Whether each TiDB that the plan tells to read its files again can be told so by this account.
@returns a problem for each that says no, or cannot be asked.
*/
export const reloadProblems = async (options: SqlOptions | undefined, {steps, from}: Plan, observation: Observation): Promise<Problem[]> => {
	const sql = steps.slice(from).find(step => step.sql)?.sql;
	if (!sql || !options) {
		return [];
	}

	const places = await sqlPlaces(options, observation, podsOf(observation, sql.component));
	const answers = await Promise.allSettled(places.map(async place => bySql(place, async query => query(prepared(sql.text)))));
	return answers.flatMap(answer => answer.status === 'fulfilled'
		? []
		: [{code: 'sql', what: (answer.reason as Error).message, fix: 'see to the account (it connects from TiDB\'s own 127.0.0.1), or leave --reload out: then the pods are restarted'}]);
};
