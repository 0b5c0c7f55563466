import type {CertificateObjectFacts, IssuanceFacts, RequestFacts} from '../../observe/issuance-types.ts';
import type {Cluster} from '../../cluster/types.ts';
import {spellDuration} from '../../cluster/duration.ts';
import {
	concerned,
	type Concerned,
	issuerOf,
	issuerWords,
	knows,
} from './detect.ts';
import type {IssuanceProblem, IssuanceQuestion} from './types.ts';

const hour = 3_600_000;

/** How long an issuance may take before it is said that it takes long, in milliseconds: cert-manager needs seconds. */
const patience = 600_000;

/** Doublings of the back-off: 1 h, 2 h, 4 h, 8 h, 16 h, 32 h. */
const doublings = 5;

/**
When cert-manager tries again after a failure, in milliseconds since the epoch; undefined where the last try has not failed. It tries
at once when the Certificate's spec changes, or somebody asks for a renewal.
*/
export const nextTry = ({lastFailureTime, failedAttempts}: CertificateObjectFacts): number | undefined => lastFailureTime === ''
	? undefined
	: Date.parse(lastFailureTime) + (hour * (2 ** Math.min(Math.max(failedAttempts - 1, 0), doublings)));

/** The request that a Certificate's next revision waits for, or was refused: the newest that was not answered. */
export const openRequest = (certificate: CertificateObjectFacts, {requests}: IssuanceFacts): RequestFacts | undefined => requests
	.filter(request => request.certificate === certificate.name && (request.revision === undefined || request.revision > (certificate.revision ?? 0)))
	.toSorted((one, other) => one.created.localeCompare(other.created))
	.at(-1);

const outcomes: Record<RequestFacts['outcome'], string> = {
	denied: 'was denied', invalid: 'is invalid', failed: 'failed', pending: 'was not answered yet',
};

const requestWords = ({name, outcome, words}: RequestFacts): string => `CertificateRequest ${name} ${outcomes[outcome]} (${words})`;

const issuingCondition = ({conditions}: CertificateObjectFacts) => conditions.find(({type}) => type === 'Issuing');

/** What is known of why a Certificate is not issued. */
const reason = (certificate: CertificateObjectFacts, issuance: IssuanceFacts): string => {
	const request = openRequest(certificate, issuance);
	return request ? requestWords(request) : issuingCondition(certificate)?.message ?? certificate.words;
};

/** A request that was denied or is invalid is not asked again by itself, not even where somebody asks for a renewal: it has to go first. */
const triesFix = ({namespace}: Cluster, certificate: CertificateObjectFacts, issuance: IssuanceFacts): string => {
	const {name} = certificate;
	const request = openRequest(certificate, issuance);
	const isRefused = request?.outcome === 'denied' || request?.outcome === 'invalid';
	return [
		`see why: kubectl describe certificate ${name} -n ${namespace}; once it is mended,`,
		...(isRefused ? [`kubectl delete certificaterequest ${request.name} -n ${namespace}, and`] : []),
		`cmctl renew ${name} -n ${namespace} tries at once`,
	].join(' ');
};

const failedWords = (certificate: CertificateObjectFacts, issuance: IssuanceFacts, now: number): string => {
	const {name, failedAttempts, lastFailureTime} = certificate;
	const next = nextTry(certificate)!;
	const tries = Math.max(failedAttempts, 1);
	return [
		`Certificate ${name} cannot be issued: ${tries === 1 ? 'one try' : `${tries} tries in a row`} failed, the last at ${lastFailureTime}: ${reason(certificate, issuance)};`,
		`cert-manager waits ${spellDuration(next - Date.parse(lastFailureTime))} after it,`,
		next > now ? `and tries again at ${new Date(next).toISOString()}` : `until ${new Date(next).toISOString()}${certificate.issuing ? ', and is trying again' : ', and has not tried again yet'}`,
	].join(' ');
};

/** Whether cert-manager will renew a Certificate by itself, as far as its status shows. */
export const renewsItself = ({lastFailureTime, renewalTime, conditions, issuing}: CertificateObjectFacts, now: number): boolean => {
	const since = Date.parse(conditions.find(({type}) => type === 'Issuing')?.since ?? '');
	const isStuck = issuing && now - since > patience;
	return lastFailureTime === '' && renewalTime !== '' && now - Date.parse(renewalTime) <= patience && !isStuck;
};

const controllerFix = 'see whether its controller runs: kubectl get pods -A -l app.kubernetes.io/name=cert-manager';

/** The first of the things that can be wrong with one Certificate: the others follow from it. */
const problemOf = ({certificate, component}: Concerned, {cluster, now}: IssuanceQuestion, issuance: IssuanceFacts): IssuanceProblem[] => {
	const {name, issuing, ready, renewalTime, secretName: secret} = certificate;
	const since = issuingCondition(certificate)?.since ?? '';
	const found: Array<[is: boolean, code: IssuanceProblem['code'], what: string]> = [
		[certificate.lastFailureTime !== '', 'request-failed', certificate.lastFailureTime === '' ? '' : failedWords(certificate, issuance, now)],
		[issuing && now - Date.parse(since) > patience, 'request-pending', `Certificate ${name} is being issued since ${since}, and is not yet: ${reason(certificate, issuance)}`],
		[!issuing && !ready, 'certificate-not-ready', `Certificate ${name} is not Ready: ${certificate.words === '' ? 'cert-manager has not looked at it' : certificate.words}`],
		[
			!issuing && renewalTime !== '' && now - Date.parse(renewalTime) > patience,
			'renewal-overdue',
			`Certificate ${name} was to be renewed at ${renewalTime}, and cert-manager has not begun`,
		],
	];
	return found.filter(([is]) => is).slice(0, 1).map(([, code, what]) => ({
		code, ...(component !== undefined && {component}), secret, what, fix: code === 'renewal-overdue' ? controllerFix : triesFix(cluster, certificate, issuance),
	}));
};

/** Issuers of the components' Certificates that are not there, or not Ready. */
const issuerProblems = (question: IssuanceQuestion, issuance: IssuanceFacts): IssuanceProblem[] => {
	const components = concerned(question).filter(({role, certificate}) => role === 'component' && certificate.issuer.group === 'cert-manager.io');
	const byIssuer = Object.values(Object.groupBy(components, ({certificate}) => issuerWords(certificate))).flatMap(group => group ? [group] : []);
	return byIssuer.flatMap((group): IssuanceProblem[] => {
		const {certificate} = group[0]!;
		const issuer = issuerOf(certificate, issuance);
		const isUnknown = issuer === undefined && !knows(issuance, certificate.issuer.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer');
		const what = issuer ? `is not Ready: ${issuer.words === '' ? 'cert-manager has not looked at it' : issuer.words}` : 'does not exist';
		return isUnknown || issuer?.ready
			? []
			: [{
				code: 'issuer-not-ready',
				what: `${issuerWords(certificate)}, which Certificates ${group.map(one => one.certificate.name).join(', ')} name, ${what}`,
				fix: `none of them can be renewed until it is: kubectl describe ${certificate.issuer.kind.toLowerCase()} ${certificate.issuer.name} -n ${question.cluster.namespace}`,
			}];
	});
};

/** What keeps cert-manager from issuing or renewing. */
export const tryProblems = (question: IssuanceQuestion): IssuanceProblem[] => {
	const {issuance} = question;
	return issuance ? [...issuerProblems(question, issuance), ...concerned(question).flatMap(one => problemOf(one, question, issuance))] : [];
};
