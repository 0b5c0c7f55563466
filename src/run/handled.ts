import {suggest} from '../cluster/nearest.ts';
import type {Consumers} from '../observe/types.ts';
import {consumerName} from '../plan/judge-consumers.ts';
import {usage} from './errors.ts';

/** The last parts of a printed name, as many as a person gave: `Secret/monitoring/tidb-ca`, `monitoring/tidb-ca`, `tidb-ca`. */
const ending = (name: string, parts: number): string => name.split('/').slice(-parts).join('/');

/** Whether a printed name is what a person may have meant. */
export const isCalled = (name: string, given: string): boolean => ending(name, given.split('/').length).toLowerCase() === given.toLowerCase();

/**
The consumers for which a person answers, by their printed names.
@param names - As they were given: kind, namespace and name, or only the last of these where one consumer alone is called so. `outside` are
the names of those who are not to be seen. `mayBeOthers`: a name may be that of somebody who is another cluster's to ask for.
@throws Stopped (usage) for a name that fits none, or several.
*/
export const handledNames = (names: string[], {found, users}: Consumers, {outside = [], mayBeOthers = false}: {outside?: string[]; mayBeOthers?: boolean} = {}): string[] => {
	const known = [...[...found, ...users].map(consumer => consumerName(consumer)), ...outside];
	return [...new Set(names.flatMap(given => {
		const meant = known.filter(name => isCalled(name, given));
		if (meant.length === 1 || (mayBeOthers && meant.length === 0)) {
			return meant;
		}

		if (meant.length > 1) {
			throw usage(`--i-have-handled ${given} could be any of ${meant.join(', ')}`, 'name the one that is meant as it is printed');
		}

		const candidates = [...new Set(known.map(name => ending(name, given.split('/').length)))];
		throw usage(
			`--i-have-handled ${given} names nobody who holds the cluster's CA or a leaf of it`,
			candidates.length === 0 ? 'nobody does beside the cluster\'s own Secrets: leave the option out' : suggest(given, candidates),
		);
	}))];
};
