import {nameProblem} from '../cluster/names.ts';
import {usage} from './errors.ts';

/** Refuses names that could not be Kubernetes names, before they reach a command or a path. */
export const checkNames = (cluster: string, namespace?: string): void => {
	const problem = nameProblem('cluster', cluster) ?? (namespace === undefined ? undefined : nameProblem('namespace', namespace));
	if (problem !== undefined) {
		throw usage(problem);
	}
};
