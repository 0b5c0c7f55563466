import {nameProblem} from '../cluster/names.ts';
import {kindOf} from '../cluster/kinds.ts';
import type {Kind} from '../cluster/types.ts';
import {usage} from './errors.ts';

/** Refuses names that could not be Kubernetes names, before they reach a command or a path. */
export const checkNames = (cluster: string, namespace?: string): void => {
	const problem = nameProblem('cluster', cluster) ?? (namespace === undefined ? undefined : nameProblem('namespace', namespace));
	if (problem !== undefined) {
		throw usage(problem);
	}
};

/**
Takes apart what `--cluster` was given: a name, or `namespace/name`, which counts more than `--namespace`.

@throws Stopped when one of the two could not be a Kubernetes name.
*/
export const placeOf = (word: string, usual?: string): {name: string; namespace?: string} => {
	const slash = word.indexOf('/');
	const namespace = slash === -1 ? usual : word.slice(0, slash);
	const name = word.slice(slash + 1);
	checkNames(name, namespace);
	return {name, ...(namespace !== undefined && {namespace})};
};

/** Refuses what a kind of cluster does not have. */
export const checkKind = ({mysql = false, kind}: {mysql?: boolean; kind?: Kind}): void => {
	if (mysql && kind !== undefined) {
		throw usage(`--mysql is about a TidbCluster: a ${kindOf({kind}).object} has no certificates for MySQL clients`);
	}
};
