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

/** Refuses what a kind of cluster does not have. */
export const checkKind = ({mysql = false, kind}: {mysql?: boolean; kind?: Kind}): void => {
	if (mysql && kind !== undefined) {
		throw usage(`--mysql is about a TidbCluster: a ${kindOf({kind}).object} has no certificates for MySQL clients`);
	}
};
