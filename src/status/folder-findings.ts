import type {Cluster} from '../cluster/types.ts';
import {folderProblems} from '../judge/folder.ts';
import {isRenewedAlone} from '../judge/issuance/detect.ts';
import type {Observation} from '../observe/types.ts';
import type {Position} from '../plan/place.ts';
import type {Finding} from './findings.ts';

/** Positions in which the folder is on its way, and need not agree with the Secrets. */
const moving = new Set<Position['name']>(['begun', 'renewal', 'CA renewal', 'unclear']);

/** In what the cluster folder is not this cluster's, or cannot be used: nothing that runs is broken by it. */
export const folderFindings = (cluster: Cluster, observation: Observation, position: Position): Finding[] => {
	if (!observation.folder.exists || moving.has(position.name) || isRenewedAlone({...observation, cluster})) {
		return [];
	}

	const target = {
		route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
	} as const;
	const found = folderProblems({
		cluster, observation, target, isResumed: position.name !== 'at rest',
	});
	return found.map(({code, what, fix = ''}) => ({
		code: `folder-${code}`, severity: 'warning', what, fix, secret: null,
	}));
};
