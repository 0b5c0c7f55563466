import {agreementProblems} from '../judge/issuance/agrees.ts';
import {keepsKey, signingCas} from '../judge/issuance/cas.ts';
import {isRenewedAlone, issuanceOf} from '../judge/issuance/detect.ts';
import {issuanceProblems} from '../judge/issuance/problems.ts';
import type {Evidence, Finding} from './types.ts';

/** How far ahead of it something that is to come is a finding, in milliseconds: as `status` warns. */
const within = 30 * 86_400_000;

const looked = ({cluster, observation: {secrets, issuance}}: Evidence) => ({cluster, secrets, issuance});

/** What is wrong with what cert-manager does for the cluster, and where its Certificates and the Secrets do not agree. */
export const issuanceFindings = (evidence: Evidence): Finding[] => [
	...issuanceProblems({...looked(evidence), now: evidence.observation.now, within}),
	...agreementProblems(looked(evidence)),
].map(({code, component, what, fix}) => ({
	code, ...(component !== undefined && {component}), what, fix,
}));

/** Whether the folder's certificates are nobody's concern: a rotation takes them anew. */
export const isFolderIdle = (evidence: Evidence): boolean => isRenewedAlone(looked(evidence));

/** What cert-manager will do to the CA, and what of it could not be read. */
export const issuanceNotes = (evidence: Evidence): string[] => {
	const {issuance} = evidence.observation;
	if (!issuance || issuanceOf(looked(evidence)).by === 'cfssl') {
		return [];
	}

	const unread = issuance.unread.map(({kind, why}) => {
		const state = why === 'forbidden' ? 'may not be read' : 'are not known to the API server';
		return `${kind}s of cert-manager ${state}: what it will do is not known as far as it depends on them`;
	});
	const cas = signingCas(looked(evidence))
		.filter(({certificate}) => certificate.renewalTime !== '')
		.map(({certificate}) => `cert-manager renews the CA (Certificate ${certificate.name}) at ${certificate.renewalTime}: ${keepsKey(certificate, issuance).why}`);
	return [...unread, ...cas];
};
