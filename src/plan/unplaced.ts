import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {hasOpenCa, placeIn} from './position.ts';
import {trust} from './trust.ts';
import type {Plan} from './types.ts';

/** Why a plan must not be run, and what may be done instead. */
export type Unplaced = {why: string; instead: string};

const isTrusted = (cluster: Cluster, observation: Observation): boolean => {
	const steps = trust(cluster, {hasCaKey: true});
	return placeIn(steps, observation) === steps.length;
};

/**
What the planner does not go on from. A folder between the documents' items that no step of ours left so: doing item 1 again would
overwrite the old CA (tidb-facts 5.A.20). New leaves alone, while a new CA is on its way that not everyone trusts yet.
*/
export const unplaced = ({cluster, target, from}: Plan, observation: Observation): Unplaced | undefined => {
	if (!hasOpenCa(observation)) {
		return undefined;
	}

	if (from === 0 && target.route === 'new-ca') {
		return {
			why: `${observation.folder.path} holds ca.new.pem or ca.old.pem, but its ca.pem is not the two combined: this tool cannot place that, and touches nothing`,
			instead: 'put the folder back from its backup, or finish by hand what was begun by hand',
		};
	}

	return from === 0 && target.route === 'keep-ca' && !isTrusted(cluster, observation)
		? {
			why: 'a rotation to a new CA is under way, and not every process was restarted with it yet: --keep-ca would sign with it',
			instead: `go on with it: npm run rotate -- --cluster ${cluster.name}; or go back: npm run rollback -- --cluster ${cluster.name}`,
		}
		: undefined;
};
