import type {Kind} from '../cluster/types.ts';
import {usage} from './errors.ts';
import {checkKind, placeOf} from './names.ts';

export type StatusOptions = {
	cluster?: string;
	all?: boolean;
	mysql?: boolean;
	kind?: Kind;
	allNamespaces?: boolean;
	namespace?: string;
	dir?: string;
	kubeconfig?: string;
	context?: string;
	verbose?: boolean;
	output: 'table' | 'json' | 'prometheus';
	/** Milliseconds before the latest safe start. */
	warn: number;
	critical: number;
};

/** Combinations that make no sense, before anything is looked at. */
export const checkStatusUsage = ({cluster, all, mysql, kind, allNamespaces, namespace, dir, warn, critical}: StatusOptions): void => {
	placeOf(cluster ?? 'all', namespace);
	if (cluster !== undefined && all) {
		throw usage('--cluster and --all contradict each other');
	}

	checkKind({...(mysql !== undefined && {mysql}), ...(kind !== undefined && {kind})});
	if (allNamespaces && !all) {
		throw usage('--all-namespaces is for --all; a cluster is looked for in all namespaces anyway');
	}

	if (allNamespaces && namespace !== undefined) {
		throw usage('--all-namespaces and --namespace contradict each other');
	}

	if (dir !== undefined && all) {
		throw usage('--dir is the folder of one cluster, so it needs --cluster', 'TIDB_CLUSTERS names the folder that holds the folders of all');
	}

	if (critical > warn) {
		throw usage('--critical is later than --warn: give it the shorter time');
	}
};
