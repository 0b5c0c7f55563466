import {certificatesOf, issuedSecrets} from '../../cluster/issuance.ts';
import {parseGoDuration, spellDuration} from '../../cluster/duration.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import type {CertificateObjectFacts} from '../../observe/issuance-types.ts';
import type {Facts} from './facts.ts';
import {markProblems} from './owners.ts';

type Issued = Facts & {cluster: Cluster & {issuance: Issuance}};

/** Cert-manager's own, where a Certificate does not say it. */
const usualLife = 90 * 86_400_000;

/** While a Certificate is put aside nobody renews its leaf: that must not fall due meanwhile. */
const renewalProblems = ({observation: {now}, estimate}: Issued, {name, renewalTime, notAfter, duration, renewBefore}: CertificateObjectFacts): Problem[] => {
	const life = parseGoDuration(duration) ?? usualLife;
	const due = renewalTime === '' ? Date.parse(notAfter) - (parseGoDuration(renewBefore) ?? (life / 3)) : Date.parse(renewalTime);
	return Number.isNaN(due) || due - now > estimate
		? []
		: [{
			code: 'renews-soon',
			what: `cert-manager renews Certificate ${name} at ${new Date(due).toISOString()}, and the rotation, in which it is put aside, may take ${spellDuration(estimate)}`,
			fix: 'renew the leaves first: npm run rotate -- --keep-ca; where a short life of leaves is meant, lengthen its duration for the rotation',
		}];
};

const certificateProblems = (facts: Issued): Problem[] => {
	const {cluster, observation: {issuance}, suspended, isResumed} = facts;
	const names = certificatesOf(cluster, cluster.issuance);
	const found = (issuance?.certificates ?? []).filter(({name}) => names.includes(name));
	return found.flatMap(certificate => [
		...markProblems(`Certificate ${certificate.name}`, certificate, suspended),
		...(isResumed ? [] : renewalProblems(facts, certificate)),
		...(isResumed || certificate.ready
			? []
			: [{
				code: 'certificate-not-ready',
				what: `Certificate ${certificate.name} is not Ready: ${certificate.words}`,
				fix: `see kubectl describe certificate ${certificate.name} -n ${cluster.namespace}`,
			}]),
	]);
};

const unreadProblems = ({observation: {issuance}, cluster}: Issued): Problem[] => (issuance?.unread ?? []).filter(({kind}) => kind !== 'ClusterIssuer').map(({kind}) => ({
	code: 'forbidden', what: `${kind}s of cert-manager may not be read in namespace ${cluster.namespace}`, fix: 'ask whoever may give it',
}));

/** Cert-manager can be told to have a Secret go with its Certificate. */
const ownedProblems = ({cluster, observation: {secrets, beside = {}}}: Issued): Problem[] => [...issuedSecrets(cluster, cluster.issuance), cluster.issuance.ca.secret]
	.filter(name => ({...secrets, ...beside}[name]?.owners ?? []).some(({kind}) => kind === 'Certificate'))
	.map(name => ({
		code: 'owned-by-certificate',
		what: `Secret ${name} belongs to its Certificate and goes with it: the Certificate cannot be put aside`,
		fix: 'start cert-manager without --enable-certificate-owner-ref, and take the ownerReferences away from the Secret',
	}));

/** An Issuer that is not Ready signs nothing. Where the documents make a new CA, that may be what mends it. */
const issuerProblems = ({cluster, observation: {issuance}, isResumed}: Issued): Problem[] => {
	const {issuer: name} = cluster.issuance;
	const issuer = issuance?.issuers.find(one => one.kind === 'Issuer' && one.name === name);
	return isResumed || !issuer || issuer.ready
		? []
		: [{
			code: 'issuer-not-ready',
			what: `Issuer ${name} is not Ready: ${issuer.words === '' ? 'cert-manager has not looked at it' : issuer.words}`,
			fix: `nothing can be issued until it is: kubectl describe issuer ${name} -n ${cluster.namespace}`,
		}];
};

/** What bars a rotation of certificates that cert-manager issues. Leaves alone, and the outage that the documents have, leave the Certificates where they are. */
export const issuedProblems = (facts: Issued): Problem[] => {
	const {route, asDocumented} = facts.target;
	return [
		...unreadProblems(facts),
		...(asDocumented && route === 'new-ca' ? [] : issuerProblems(facts)),
		...(asDocumented === true || route === 'keep-ca' ? [] : [...certificateProblems(facts), ...ownedProblems(facts)]),
	];
};

/** Whether cert-manager issues the cluster's certificates. */
export const isIssued = (facts: Facts): facts is Issued => facts.cluster.issuance !== undefined;
