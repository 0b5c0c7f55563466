import {isSameCa} from '../certificates/successor.ts';
import {verifies} from '../certificates/verify.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import type {Problem} from '../cluster/problem.ts';
import type {Consumer, Observation} from '../observe/types.ts';
import {authorities, type Authorities} from './care.ts';
import {
	consumerName,
	holdsSome,
	isOperators,
	oldLeaves,
} from './judge-consumers.ts';

/** What the cluster has now: the leaves in its Secrets by the Secret's name, and every CA that they trust. */
type Live = {leaves: Array<[secret: string, leaf: CertificateFacts]>; bundle: CertificateFacts[]; all: Authorities; now: number};

const words = (consumer: Consumer): string => `${consumerName(consumer)} (${consumer.keys.join(', ')})`;

const fixOf = (consumer: Consumer, what: string): string => isOperators(consumer)
	? 'the operator copies it at its next look; where it stays so, see what the operator\'s log says of it'
	: `put ${what} there, and restart what uses it`;

/** What does not work now. */
const brokenNow = (consumer: Consumer, {leaves, bundle, now}: Live): Problem[] => {
	const refused = consumer.cas.length === 0 ? [] : leaves.filter(([, leaf]) => !verifies(leaf, consumer.cas, now).ok).map(([secret]) => secret);
	return [
		...(refused.length > 0
			? [{
				code: 'consumer-ca',
				what: `${words(consumer)} trusts no CA that signed the certificates in ${refused.join(', ')}: what uses it refuses the cluster`,
				fix: fixOf(consumer, 'the ca.crt of the cluster\'s Secrets'),
			}]
			: []),
		...consumer.leaves.flatMap(leaf => {
			const verdict = verifies(leaf, bundle, now);
			return verdict.ok
				? []
				: [{
					code: 'consumer-leaf',
					what: `${words(consumer)} holds a certificate that the cluster does not accept: ${leaf.subject}, serial ${leaf.serial}: ${verdict.reason}`,
					fix: fixOf(consumer, 'a leaf of the present CA'),
				}];
		}),
	];
};

/** What will not work once the CA certificate ends that somebody has of before it was made anew. */
const brokenLater = (consumer: Consumer, {bundle}: Live): Problem[] => {
	const isCurrent = consumer.cas.some(ca => bundle.some(({fingerprint}) => fingerprint === ca.fingerprint));
	const [last] = consumer.cas.filter(ca => bundle.some(other => isSameCa(ca, other))).toSorted((one, other) => Date.parse(other.notAfter) - Date.parse(one.notAfter));
	return isCurrent || last === undefined || bundle.every(({notAfter}) => Date.parse(notAfter) <= Date.parse(last.notAfter))
		? []
		: [{
			code: 'consumer-behind',
			what: `${words(consumer)} has the CA's certificate from before it was made anew, and refuses the cluster when that ends: ${last.notAfter}`,
			fix: fixOf(consumer, 'the ca.crt of the cluster\'s Secrets'),
		}];
};

/** What will not work after the next phase of a rotation that is under way. */
const brokenSoon = (consumer: Consumer, {leaves, all: {before, after}, now}: Live): Problem[] => {
	const isReissued = leaves.every(([, leaf]) => verifies(leaf, after, now).ok);
	return [
		...(after.length > 0 && holdsSome(consumer, before) && !holdsSome(consumer, after)
			? [{
				code: 'consumer-behind',
				what: `${words(consumer)} does not trust the new CA yet: phase reissue waits for that`,
				fix: fixOf(consumer, 'the cluster folder\'s ca.pem, which holds both CAs,'),
			}]
			: []),
		...(isReissued ? oldLeaves(consumer, before, after, now) : []).map(({subject, serial}) => ({
			code: 'consumer-behind', what: `${words(consumer)} holds a leaf of the old CA: ${subject}, serial ${serial}: phase retire waits for another`, fix: fixOf(consumer, 'a leaf of the new CA'),
		})),
	];
};

/**
What is wrong with those who hold the cluster's CA or a leaf of one beside the cluster, and what would be after the next phase. Pure;
nothing where `observation.consumers` is undefined. Codes: `consumer-ca`, `consumer-leaf` (refused now), `consumer-behind` (refused later).
*/
export const consumerFindings = (observation: Observation): Problem[] => {
	const secrets = Object.values(observation.secrets);
	const live: Live = {
		leaves: secrets.flatMap(({name, leaf}) => leaf.certificates.slice(0, 1).map((certificate): [string, CertificateFacts] => [name, certificate])),
		bundle: secrets.flatMap(({bundle}) => bundle.certificates),
		all: authorities(observation),
		now: observation.now,
	};
	const whens = [brokenNow, brokenSoon, brokenLater];
	return (observation.consumers?.found ?? []).flatMap(consumer => whens.values().map(broken => broken(consumer, live)).find(problems => problems.length > 0) ?? []);
};
