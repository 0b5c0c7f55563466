import {certificatesOf} from '../cluster/issuance.ts';
import {optionsFor} from '../cluster/names.ts';
import type {Cluster, Issuance} from '../cluster/types.ts';
import {openRequest} from '../judge/issuance/tries.ts';
import type {CertificateObjectFacts, IssuanceFacts, RequestFacts} from '../observe/issuance-types.ts';
import type {Observation} from '../observe/types.ts';
import {type IssuanceCondition, isAboutIssuance} from '../plan/issuance-condition.ts';
import {holds} from '../plan/judge.ts';
import type {Step} from '../plan/types.ts';

/** What is seen of cert-manager where a wait came to nothing, and what to do about it. */
export type IssuanceTrouble = {seen: string[]; todo: string[]};

type Waited = {certificate: CertificateObjectFacts; request: RequestFacts | undefined};

/** The Certificate by which a condition would come to hold. */
const certificateFor = (condition: IssuanceCondition, issuance: Issuance): string | undefined => {
	if (condition.is === 'anew') {
		return issuance.certificates[condition.component];
	}

	if (condition.is === 'ca-secret') {
		return issuance.ca.certificate;
	}

	return condition.is === 'ready' && condition.kind === 'Certificate' ? condition.name : undefined;
};

const waitedFor = ({done}: Step, observation: Observation, issuance: Issuance, facts: IssuanceFacts): Waited[] => {
	const open = done.filter(condition => isAboutIssuance(condition)).filter(condition => !holds(condition, observation).holds);
	const names = new Set(open.map(condition => certificateFor(condition, issuance)));
	return facts.certificates.filter(({name}) => names.has(name)).map(certificate => ({certificate, request: openRequest(certificate, facts)}));
};

const outcomes: Record<RequestFacts['outcome'], string> = {
	denied: 'was denied', invalid: 'is invalid', failed: 'failed', pending: 'is not answered',
};

const requestWords = (request: RequestFacts | undefined): string => request
	? `CertificateRequest ${request.name}, of ${request.created}, ${outcomes[request.outcome]}${request.words === '' ? '' : ` (${request.words})`}`
	: 'no CertificateRequest was made for it';

const certificateWords = ({certificate, request}: Waited): string => {
	const {name, created, conditions, issuing, lastFailureTime, ready} = certificate;
	const since = conditions.find(({type}) => type === 'Issuing')?.since ?? '';
	const states: Array<[is: boolean, words: string]> = [
		[issuing, `is being issued since ${since}`],
		[lastFailureTime !== '', `could not be issued at ${lastFailureTime}`],
		[conditions.length === 0, `is there since ${created}, and cert-manager has not looked at it`],
		[ready, 'is Ready, and cert-manager has not begun to issue it again'],
	];
	const state = states.find(([is]) => is)?.[1] ?? 'is not Ready';
	return `  Certificate ${name} ${state}: ${requestWords(request)}`;
};

/** One that a run makes is made again by the next; of the cluster's own the request alone goes, and the next run asks for another. */
const refusedFix = ({certificate: {name}, request}: Waited, {namespace}: Cluster, own: string[]): string => own.includes(name)
	? `kubectl delete certificaterequest ${request!.name} -n ${namespace}`
	: `kubectl delete certificate ${name} -n ${namespace}`;

/**
What a person would look up first about a wait for cert-manager: since when each Certificate is waited for, and what became of its
CertificateRequest. Pure.
*/
export const issuanceTrouble = (step: Step, cluster: Cluster, observation: Observation): IssuanceTrouble => {
	const {issuance: facts} = observation;
	if (!facts || !cluster.issuance) {
		return {seen: [], todo: []};
	}

	if (step.id === 'trust.rehearse.verify') {
		return {
			seen: ['  this cert-manager issues a Certificate that comes back again: without an outage its clusters cannot get a new CA; of the cluster nothing was changed'],
			todo: [
				`to remove what the rehearsal has made: npm run rollback -- ${optionsFor(cluster)}`,
				`the way of the documents is an outage: npm run rotate -- ${optionsFor(cluster)} --as-documented --accept-outage`,
			],
		};
	}

	const own = certificatesOf(cluster, cluster.issuance);
	const waited = waitedFor(step, observation, cluster.issuance, facts);
	const refused = waited.filter(({request}) => request !== undefined && request.outcome !== 'pending');
	const pending = waited.filter(({request}) => request?.outcome === 'pending');
	return {
		seen: waited.map(one => certificateWords(one)),
		todo: [
			...(waited.length > refused.length + pending.length ? ['see whether cert-manager\'s controller runs: kubectl get pods -A -l app.kubernetes.io/name=cert-manager'] : []),
			...(pending.length > 0 ? [`see who is to approve or to sign it: kubectl describe certificaterequest ${pending[0]!.request!.name} -n ${cluster.namespace}`] : []),
			...(refused.length > 0 ? [`once that is mended, as cert-manager does not ask again by itself: ${refused.map(one => refusedFix(one, cluster, own)).join(' && ')}`] : []),
		],
	};
};
