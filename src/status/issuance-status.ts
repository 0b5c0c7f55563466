import {keepsKey} from '../judge/issuance/cas.ts';
import {
	type ClusterIssuance,
	concerned,
	type Concerned,
	issuanceOf,
	issuerWords,
	knows,
} from '../judge/issuance/detect.ts';
import {nextTry, openRequest} from '../judge/issuance/tries.ts';
import {leafOf} from '../judge/held.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import type {Judged} from './findings.ts';
import type {ClusterStatus, IssuanceStatus} from './schema.ts';

const time = (text: string): ClusterStatus['due']['latestSafeStart'] => text === '' ? null : new Date(text).toISOString();

const certificateStatus = ({certificate, role, component}: Concerned, issuance: IssuanceFacts): IssuanceStatus['certificates'][number] => {
	const next = nextTry(certificate);
	const request = openRequest(certificate, issuance);
	return {
		name: certificate.name,
		secret: certificate.secretName,
		role,
		component: component ?? null,
		issuer: issuerWords(certificate),
		ready: certificate.ready,
		revision: certificate.revision ?? null,
		notAfter: time(certificate.notAfter),
		renewalTime: time(certificate.renewalTime),
		keepsKey: keepsKey(certificate, issuance).keeps ?? null,
		failedAttempts: certificate.failedAttempts,
		nextTry: next === undefined ? null : new Date(next).toISOString(),
		request: request ? {name: request.name, outcome: request.outcome, why: request.words} : null,
	};
};

const asideOf = ({secrets}: ClusterIssuance): IssuanceStatus['aside'] => secrets.filter(({isAside}) => isAside).map(({secret, certificate}) => ({
	certificate: certificate!, secret: secret.name, notAfter: leafOf(secret)?.notAfter ?? null,
}));

/** What cert-manager has to do with a cluster; null where nothing. */
export const issuanceStatus = (judged: Judged): ClusterStatus['issuance'] => {
	const issuance = issuanceOf(judged);
	const {issuance: facts} = judged;
	return issuance.by === 'cfssl'
		? null
		: {
			by: issuance.by,
			known: knows(facts, 'Certificate'),
			version: facts?.version ?? null,
			certificates: facts ? concerned(judged).map(one => certificateStatus(one, facts)) : [],
			aside: asideOf(issuance),
		};
};
