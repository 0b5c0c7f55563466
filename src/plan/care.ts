import {isSameCa} from '../certificates/successor.ts';
import {isSignedBy} from '../certificates/verify.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {secretName} from '../cluster/components.ts';
import {optionsFor} from '../cluster/names.ts';
import type {Consumer, Consumers, Observation} from '../observe/types.ts';
import {
	consumerName,
	holdsSome,
	isCompanions,
	isOperators,
	oldLeaves,
} from './judge-consumers.ts';
import {type Outside, outsideOf} from './outside.ts';
import type {Plan} from './types.ts';

/** Somebody who holds a CA of the cluster or a leaf of one: what, who looks after it, and what it needs before which phase. */
export type Care = {
	/** `Secret/monitoring/tidb-ca`. */
	name: string;
	who: 'tool' | 'operator' | 'you';
	holds: string[];
	/** Empty where nothing is to be done on the way to the plan's target. */
	todo: string[];
	/** A person has said that it is seen to. */
	handled: boolean;
};

/** The CA that goes and the one that comes; at rest there is none that comes yet. */
export type Authorities = {before: CertificateFacts[]; after: CertificateFacts[]};

/** Which CAs a rotation is about, as folder and Secrets show it. */
export const authorities = ({folder: {certificates}, secrets}: Observation): Authorities => {
	const [before, after] = ['ca.old.pem', 'ca.new.pem'].map(file => certificates[file]?.certificates ?? []) as [CertificateFacts[], CertificateFacts[]];
	return before.length > 0 && after.length > 0 ? {before, after} : {before: Object.values(secrets).flatMap(({bundle}) => bundle.certificates), after: []};
};

/** What a CA is to the cluster, in words. */
const roleOf = (isThis: (ca: CertificateFacts) => boolean, {before, after}: Authorities): string => {
	if (after.some(ca => isThis(ca))) {
		return 'the new CA';
	}

	return before.some(ca => isThis(ca)) ? (after.length > 0 ? 'the old CA' : 'the present CA') : 'a CA from before';
};

/** The same of a certificate of a CA, which has more than one once it was made anew. */
const caRole = (ca: CertificateFacts, all: Authorities): string => {
	const same = [...all.before, ...all.after].filter(other => isSameCa(other, ca));
	const isOther = same.length > 0 && same.every(({fingerprint}) => fingerprint !== ca.fingerprint);
	return `${roleOf(other => same.includes(other), all)}${isOther ? ', in another certificate of it' : ''}`;
};

const day = (time: string): string => time.slice(0, 10);

const holdsOf = ({cas, leaves}: Consumer, all: Authorities): string[] => [
	...cas.map(ca => `${caRole(ca, all)} (${ca.subject}, serial ${ca.serial}, until ${day(ca.notAfter)})`),
	...leaves.map(leaf => `a leaf of ${roleOf(ca => isSignedBy(leaf, ca), all)} (${leaf.subject}, serial ${leaf.serial}, until ${day(leaf.notAfter)})`),
];

const todoOf = (consumer: Consumer, {steps, from}: Plan, {before, after}: Authorities, now: number): string[] => {
	const left = new Set(steps.slice(from).map(({id}) => id));
	const ends = consumer.cas.map(({notAfter}) => notAfter).toSorted()[0] ?? '';
	return [
		...(left.has('reissue.consumers') && holdsSome(consumer, before) && !holdsSome(consumer, after) ? ['the new CA beside the old one, before phase reissue'] : []),
		// Whichever certificate of it somebody has, it verifies the same until it ends.
		...(left.has('renew.verify') && holdsSome(consumer, before) ? [`the CA's certificate that is made now, before the one it has ends: ${day(ends)}`] : []),
		...(left.has('retire.consumers') && oldLeaves(consumer, before, after, now).length > 0 ? ['a leaf of the new CA, before phase retire'] : []),
	];
};

/** A workload or a custom resource holds nothing itself: what it uses is rotated, and a process may have to read it again. */
const userCare = (user: Consumers['users'][number], {steps, from, target: {handled = []}}: Plan): Care => {
	const restarts = steps.slice(from).some(({id}) => id === 'reissue.consumers');
	return {
		name: consumerName(user),
		who: user.isOperators ? 'operator' : 'you',
		holds: [user.uses.length > 0 ? `uses ${user.uses.join(', ')}` : 'uses the cluster\'s client certificate'],
		todo: restarts && !user.isOperators ? ['a restart between the phases trust and reissue, unless it reads its files again by itself; this tool does not wait for it'] : [],
		handled: handled.includes(consumerName(user)),
	};
};

/** Nobody can tell whether there are any: they are named where the plan has the phase before which they must be seen to. */
const outsideCare = (one: Outside, {steps, from, target: {handled = []}}: Plan): Care[] => steps.slice(from).some(({id}) => id === `${one.before}.consumers`)
	? [{
		name: one.name, who: 'you', holds: [one.who], todo: [one.needs], handled: handled.includes(one.name),
	}]
	: [];

/** The MySQL side is rotated apart, unless cert-manager's new CA is that of its certificates as well. */
const otherSide = ({cluster}: Plan, {cluster: {spec}}: Observation): Care[] => cluster.side === undefined && cluster.issuance === undefined && spec.tidb?.tlsClient?.enabled
	? [{
		name: `MySQL/${cluster.namespace}/port-4000`,
		who: 'you',
		holds: ['certificates of its own, with a CA of their own'],
		todo: [`a rotation of its own: npm run rotate -- ${optionsFor({...cluster, side: 'mysql'})}`],
		handled: false,
	}]
	: [];

/**
Everybody who holds something of the cluster's CAs: the Secrets that this tool writes, then who was found beside them. Pure; `observation`
is the one that the plan was made from, with its consumers.
*/
export const caresOf = (plan: Plan, observation: Observation): Care[] => {
	const all = authorities(observation);
	const {cluster: {name, namespace, components}, target: {handled = []}} = plan;
	return [
		...components.map((component): Care => ({
			name: `Secret/${namespace}/${secretName(name, component)}`, who: 'tool', holds: [`the CA and the leaf of ${component}`], todo: [], handled: false,
		})),
		...(observation.consumers?.found ?? []).map((consumer): Care => ({
			name: consumerName(consumer),
			who: isCompanions(consumer, plan.cluster) ? 'tool' : (isOperators(consumer) ? 'operator' : 'you'),
			holds: holdsOf(consumer, all),
			todo: isCompanions(consumer, plan.cluster) ? [] : todoOf(consumer, plan, all, observation.now),
			handled: handled.includes(consumerName(consumer)),
		})),
		...(observation.consumers?.users ?? []).map(user => userCare(user, plan)),
		...otherSide(plan, observation),
		...outsideOf(plan.cluster).flatMap(one => outsideCare(one, plan)),
	];
};
