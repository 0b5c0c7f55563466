import type {Cluster} from '../cluster/types.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import {knows} from '../judge/issuance/detect.ts';
import {commandFor} from '../judge/words.ts';
import type {Due} from './due.ts';
import type {Finding} from './findings.ts';

/** Findings that come before anything that will be due later. */
const urgent = new Set<string>(['mixed-issuance', 'certificate-twice', 'issuer-not-ready', 'request-failed', 'request-pending', 'certificate-not-ready', 'renewal-overdue']);

const itself = 'cert-manager renews these certificates by itself';

const deadlineWords = (cluster: Cluster, deadline: NonNullable<Due['deadline']>): string => {
	const moment = new Date(deadline.at).toISOString();
	const words = {
		expires: `${deadline.what} ends at ${moment}`,
		'ca-renews': `cert-manager renews ${deadline.what} with another key at ${moment}`,
		'ca-renewed': `${deadline.what} was renewed with another key, and the first certificate of it comes at ${moment}`,
	};
	return `${itself}, but ${words[deadline.why]}: replace CA and certificates before: ${commandFor(cluster, 'rotate')}`;
};

export type IssuanceDueQuestion = {cluster: Cluster; due: Due; findings: Finding[]; issuance: IssuanceFacts | undefined};

/** What a person has to do next where cert-manager issues the certificates, or some of them. */
export const issuanceDueWords = ({cluster, due: {by, deadline}, findings, issuance}: IssuanceDueQuestion): string => {
	const first = findings.find(({code}) => urgent.has(code));
	if (first) {
		return first.fix;
	}

	if (findings.some(({code}) => code === 'certificate-aside')) {
		const until = by === undefined ? '' : ` before ${new Date(by).toISOString()}`;
		return `Certificates are put aside, so go on with the rotation, or apply them again,${until}: ${commandFor(cluster, 'rotate', '--retire-old-ca')}`;
	}

	return deadline && knows(issuance, 'Certificate') ? deadlineWords(cluster, deadline) : `${itself}; see kubectl get certificates -n ${cluster.namespace}`;
};
