import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {type CaFiles, caFiles} from './ca-files.ts';
import {hasOpenCa, placeIn} from './position.ts';
import {trust} from './trust.ts';
import type {Plan, Target} from './types.ts';

/** Why a plan must not be run, and what may be done instead. */
export type Unplaced = {why: string; instead: string};

const isTrusted = (cluster: Cluster, observation: Observation): boolean => {
	const steps = trust(cluster);
	return placeIn(steps, observation) === steps.length;
};

/** While cert-manager's Certificates are put aside there is one way on, and one back. */
const unplacedIssuance = ({name}: Cluster, {route, asDocumented}: Target, files: CaFiles): Unplaced | undefined => {
	if (files.is === 'begun') {
		return {why: `the folder's CA files are as if somebody had begun to make a new CA by cfssl: ${files.words}`, instead: 'move the folder away: it is made again from the Secrets'};
	}

	return route === 'keep-ca' || asDocumented
		? {why: 'a rotation to a new CA is under way, for which the Certificates are put aside: cert-manager can issue nothing meanwhile', instead: `go on with it: npm run rotate -- --cluster ${name}; or go back: npm run rollback -- --cluster ${name}`}
		: undefined;
};

/**
What the planner does not go on from. A folder between the documents' items in which it cannot be told what is what: doing item 1
again would overwrite the old CA (tidb-facts 5.A.20). New leaves alone, while a new CA is on its way that not everyone trusts yet.
*/
export const unplaced = ({cluster, target, from}: Plan, observation: Observation): Unplaced | undefined => {
	if (!hasOpenCa(observation)) {
		return undefined;
	}

	const files = caFiles(observation);
	if (from === 0 && target.route === 'new-ca' && files.is === 'unclear') {
		return {
			why: `${observation.folder.path} holds ca.new.pem or ca.old.pem, but this tool cannot tell how they came about, and touches nothing. It found: ${files.words}`,
			instead: 'put the folder back from its backup, or finish by hand what was begun by hand',
		};
	}

	if (cluster.issuance) {
		return unplacedIssuance(cluster, target, files);
	}

	const isTrustedSoFar = files.is === 'combined' && (from > 0 || isTrusted(cluster, observation));
	return !isTrustedSoFar && target.route === 'keep-ca'
		? {
			why: 'a rotation to a new CA is under way, and not every process was restarted with it yet: --keep-ca would sign with it',
			instead: `go on with it: npm run rotate -- --cluster ${cluster.name}; or go back: npm run rollback -- --cluster ${cluster.name}`,
		}
		: undefined;
};
