import {nextCaSecret} from '../cluster/issuance.ts';
import {optionsFor} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {type CaFiles, caFiles} from './ca-files.ts';
import {missingCertificates, returnFirst} from './cert-manager/back.ts';
import {hasOpenCa, placeIn} from './position.ts';
import {isRenewingCa} from './renewing.ts';
import {trust} from './trust.ts';
import type {Plan, Target} from './types.ts';

/** Why a plan must not be run, and what may be done instead. */
export type Unplaced = {why: string; instead: string};

const isTrusted = (cluster: Cluster, observation: Observation): boolean => {
	const steps = trust(cluster);
	return placeIn(steps, observation) === steps.length;
};

/** Certificates that are not there, and cannot be made again before a new rotation. */
const lostCertificates = ({cluster, target}: Plan, observation: Observation): Unplaced | undefined => {
	const missing = missingCertificates(cluster, observation);
	return missing.length === 0 || returnFirst(cluster, target, observation)
		? undefined
		: {
			why: `${missing.length === 1 ? 'Certificate' : 'Certificates'} ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there: cert-manager renews nothing of it`,
			instead: `where a way back was interrupted, go on with it: npm run rollback -- ${optionsFor(cluster)}; else make the Certificates again as they were`,
		};
};

/** A finished rotation is on its way back: what was made beside the cluster's own objects is removed, and the Certificates are put aside again. */
const isTurned = (cluster: Cluster, observation: Observation): boolean => {
	const {issuance} = cluster;
	return issuance !== undefined && observation.beside?.[nextCaSecret(issuance)]?.exists !== true && missingCertificates(cluster, observation).length > 0;
};

const turned = (cluster: Cluster): Unplaced => ({
	why: 'a way back from a finished rotation was interrupted, and the new CA\'s Issuer is not there any more: there is no way on',
	instead: `go on with the way back: npm run rollback -- ${optionsFor(cluster)}`,
});

const onOrBack = (cluster: Cluster, option = ''): string =>
	`go on with it: npm run rotate -- ${optionsFor(cluster)}${option}; or go back: npm run rollback -- ${optionsFor(cluster)}`;

/** While cert-manager's Certificates are put aside there is one way on, and one back. */
const unplacedIssuance = (cluster: Cluster, {route, asDocumented}: Target, files: CaFiles): Unplaced | undefined => {
	if (files.is === 'begun') {
		return {why: `the folder's CA files are as if somebody had begun to make a new CA by cfssl: ${files.words}`, instead: 'move the folder away: it is made again from the Secrets'};
	}

	return route === 'keep-ca' || asDocumented
		? {why: 'a rotation to a new CA is under way, for which the Certificates are put aside: cert-manager can issue nothing meanwhile', instead: onOrBack(cluster)}
		: undefined;
};

/** A CA whose certificate is made anew is one CA before and after; on the way, nothing else is begun. */
const unplacedRenewal = ({cluster, target}: Plan, observation: Observation): Unplaced | undefined => {
	const isRenewing = cluster.issuance === undefined && isRenewingCa(observation);
	if (target.route !== 'renew-ca') {
		return isRenewing
			? {
				why: 'the CA\'s certificate is being made anew, and not every Secret has it or not every process was restarted with it yet',
				instead: onOrBack(cluster, ' --renew-ca'),
			}
			: undefined;
	}

	const isTwo = hasOpenCa(observation) || Object.values(observation.secrets).some(({bundle}) => bundle.certificates.length > 1);
	return isTwo
		? {
			why: 'two CAs are trusted, as in the middle of a rotation: --renew-ca makes one certificate anew, of the one CA that a cluster trusts',
			instead: `end that rotation first: npm run rotate -- ${optionsFor(cluster)} --retire-old-ca`,
		}
		: undefined;
};

/**
What the planner does not go on from. A folder between the documents' items in which it cannot be told what is what: doing item 1
again would overwrite the old CA (tidb-facts 5.A.20). New leaves alone, while a new CA is on its way that not everyone trusts yet.
*/
export const unplaced = (plan: Plan, observation: Observation): Unplaced | undefined => {
	const {cluster, target, from} = plan;
	const renewal = unplacedRenewal(plan, observation);
	if (renewal) {
		return renewal;
	}

	if (!hasOpenCa(observation)) {
		return lostCertificates(plan, observation);
	}

	const files = caFiles(observation);
	if (from === 0 && target.route === 'new-ca' && files.is === 'unclear') {
		return {
			why: `${observation.folder.path} holds ca.new.pem or ca.old.pem, but this tool cannot tell how they came about, and touches nothing. It found: ${files.words}`,
			instead: 'put the folder back from its backup, or finish by hand what was begun by hand',
		};
	}

	if (cluster.issuance) {
		return isTurned(cluster, observation) ? turned(cluster) : unplacedIssuance(cluster, target, files);
	}

	const isTrustedSoFar = files.is === 'combined' && (from > 0 || isTrusted(cluster, observation));
	return !isTrustedSoFar && target.route === 'keep-ca'
		? {
			why: 'a rotation to a new CA is under way, and not every process was restarted with it yet: --keep-ca would sign with it',
			instead: `go on with it: npm run rotate -- ${optionsFor(cluster)}; or go back: npm run rollback -- ${optionsFor(cluster)}`,
		}
		: undefined;
};
