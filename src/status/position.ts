import type {Cluster} from '../cluster/types.ts';
import {isRenewedAlone} from '../judge/issuance/detect.ts';
import type {Observation} from '../observe/types.ts';
import {caFiles} from '../plan/ca-files.ts';
import {reached} from '../plan/decide.ts';
import {makePlan} from '../plan/make.ts';
import {type Position, positionOf} from '../plan/place.ts';
import {isRenewingCa} from '../plan/renewing.ts';
import type {Plan, Target} from '../plan/types.ts';
import {positionInSecrets} from './secrets-position.ts';

const planTo = (cluster: Cluster, observation: Observation, target: Partial<Target>): Plan => makePlan({
	cluster,
	target: {
		route: 'new-ca', retire: false, leaves: cluster.components, strict: false, ...target,
	},
	observation,
	changed: {},
	cure: false,
});

/** Where nothing says that leaves alone are being renewed, undefined. */
const renewal = (cluster: Cluster, observation: Observation): Position | undefined => {
	const plan = planTo(cluster, observation, {route: 'keep-ca'});
	return plan.from === 0 || reached(plan, observation) ? undefined : positionOf(plan, observation);
};

/** Whether the folder is of earlier certificates, which cert-manager has renewed since, and nobody has begun a rotation there. */
const isFolderIdle = (cluster: Cluster, observation: Observation): boolean =>
	isRenewedAlone({...observation, cluster}) && caFiles(observation).is === 'at rest';

/**
Where a cluster stands, as its Secrets, its folder and its pods' templates show it; nothing is asked of a pod. Without a folder, by
the Secrets alone.
*/
export const standing = (cluster: Cluster, observation: Observation): Position => {
	const bySecrets = positionInSecrets({cluster, secrets: observation.secrets, now: observation.now});
	if (!observation.folder.exists || isFolderIdle(cluster, observation)) {
		return bySecrets;
	}

	if (!isRenewedAlone({...observation, cluster}) && isRenewingCa(observation)) {
		return positionOf(planTo(cluster, observation, {route: 'renew-ca', leaves: []}), observation);
	}

	const whole = planTo(cluster, observation, {retire: true});
	const position = positionOf(whole, observation);
	if (position.name === 'retire') {
		const isBegun = whole.steps[whole.from - 1]?.phase === 'retire' || bySecrets.name === 'retire';
		return isBegun ? position : positionOf(planTo(cluster, observation, {}), observation);
	}

	if (position.name !== 'at rest') {
		return position;
	}

	return bySecrets.name === 'at rest' ? renewal(cluster, observation) ?? position : bySecrets;
};

/** The same for one cluster of many, whose pods were not looked at: by its Secrets, and by the CA files of its folder, if it is here. */
export const standingOfMany = (cluster: Cluster, observation: Pick<Observation, 'folder' | 'secrets' | 'now'>): Position => {
	const bySecrets = positionInSecrets({cluster, secrets: observation.secrets, now: observation.now});
	const files = observation.folder.exists ? caFiles(observation) : {is: 'at rest' as const};
	switch (files.is) {
		case 'unclear': {
			return {name: 'unclear', why: [files.words]};
		}

		case 'begun': {
			return {name: 'begun', why: [files.words]};
		}

		case 'combined': {
			const fresh = observation.folder.certificates['ca.new.pem']?.certificates[0];
			const isRetired = Object.values(observation.secrets).every(({bundle}) => bundle.certificates[0]?.fingerprint === fresh?.fingerprint);
			return bySecrets.name === 'at rest' ? {name: isRetired ? 'retire' : 'trust', why: ['the folder holds two CAs, the Secrets trust one']} : bySecrets;
		}

		case 'at rest': {
			return bySecrets;
		}
	}
};
