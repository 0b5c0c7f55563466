import {optionsFor} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import {issuanceNames} from '../judge/issuance/names.ts';
import {type Access, observeBeside} from '../observe/cluster.ts';
import type {Observation} from '../observe/types.ts';
import {refused} from './errors.ts';

/** A cluster with who issues its certificates, and what was observed with what that needs. */
export type Known = {cluster: Cluster; observation: Observation};

/**
Who issues a cluster's certificates, as its Secrets and cert-manager's objects show it; of a cluster of cfssl's nothing more is read.
@throws Stopped (refused) where cert-manager issues them in a way that this tool has no route for.
*/
export const knowIssuance = async (access: Access, cluster: Cluster, observation: Observation): Promise<Known> => {
	const found = issuanceNames(cluster, observation);
	if (!found) {
		return {cluster, observation};
	}

	if (cluster.side === 'mysql') {
		throw refused(
			`cert-manager issues the MySQL certificates of ${cluster.name}, and would write over what this makes; nothing was changed`,
			[
				`it renews the leaves by itself, and a new CA covers them where they share its Issuer: npm run rotate -- --cluster ${cluster.name}`,
				'TiDB serves another certificate from its next restart on',
			].join('; '),
		);
	}

	if ('problem' in found) {
		throw refused(
			`cert-manager issues the certificates of ${cluster.name}, but not as the documents have it: ${found.problem}; nothing was changed`,
			`how they stand: npm run status -- ${optionsFor(cluster)}`,
		);
	}

	const known = {...cluster, issuance: found.issuance};
	const beside = await observeBeside(access, known);
	return {cluster: known, observation: {...observation, ...(beside && {beside})}};
};
