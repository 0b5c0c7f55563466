import type {Problem} from '../../cluster/problem.ts';
import {folderProblems} from '../../judge/folder.ts';
import {certManagerProblems} from './cert-manager.ts';
import type {Facts} from './facts.ts';
import {ownerProblems} from './owners.ts';
import {peerProblems} from './peers.ts';
import {renewalProblems} from './renew-ca.ts';
import {requestProblems} from './requests.ts';
import {readyProblems, settingProblems} from './running.ts';
import {allSecretProblems} from './secrets.ts';
import {outageProblems, setProblems} from './sets.ts';
import {jobProblems, sharedCaProblems} from './shared.ts';
import {chainProblems, expiryProblems} from './validity.ts';

const checks: Array<(facts: Facts) => Problem[]> = [
	settingProblems,
	readyProblems,
	setProblems,
	outageProblems,
	allSecretProblems,
	expiryProblems,
	chainProblems,
	folderProblems,
	requestProblems,
	renewalProblems,
	sharedCaProblems,
	peerProblems,
	ownerProblems,
	certManagerProblems,
	jobProblems,
];

/** What bars a rotation and not an outage: that is a cure of what has expired, needs nobody Ready, and was agreed to already. */
const passedByOutage = new Set([readyProblems, outageProblems, expiryProblems, chainProblems]);

/**
Every check that looks at facts only: all problems at once, in the order in which a person would mend them. Those of kind
`question` are to be agreed to; any other refuses.
*/
export const check = (facts: Facts): Problem[] => {
	const {cluster: {issuance}, target: {asDocumented, route}} = facts;
	const isIssued = issuance !== undefined;
	const isOutage = asDocumented === true && route === 'new-ca';
	// Where cert-manager issues, no request and no key of a CA is anybody's here.
	const asked = checks.filter(one => !(isIssued && one === requestProblems) && !(isOutage && passedByOutage.has(one)));
	const known = isOutage ? {...facts, isCure: true} : facts;
	return asked.flatMap(one => one(known)).filter(({code}) => !isIssued || code !== 'no-ca-key');
};
