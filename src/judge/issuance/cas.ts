import type {CertificateObjectFacts, IssuanceFacts} from '../../observe/issuance-types.ts';
import {parseGoDuration, spellDuration} from '../../cluster/duration.ts';
import {secretName} from '../../cluster/components.ts';
import {commandFor, secretsNamed} from '../words.ts';
import {
	concerned,
	type Concerned,
	issuerOf,
	type Looked,
} from './detect.ts';
import type {IssuanceProblem, IssuanceQuestion} from './types.ts';

/** Cert-manager before this makes no other key where no rotationPolicy is given; from it on it does. */
const [changedMajor, changedMinor] = [1, 18];

/** Whether a version of cert-manager makes another key where nobody says so; undefined where it is not known. */
const rotatesByItself = (version: string | undefined): boolean | undefined => {
	const parts = /^v?(?<major>\d+)\.(?<minor>\d+)/v.exec(version ?? '')?.groups;
	if (!parts) {
		return undefined;
	}

	const [major, minor] = [Number(parts.major), Number(parts.minor)];
	return major > changedMajor || (major === changedMajor && minor >= changedMinor);
};

/** Whether a Certificate has the same key after its next renewal, and why; undefined where it cannot be told. */
export const keepsKey = ({rotationPolicy}: CertificateObjectFacts, {version}: Pick<IssuanceFacts, 'version'>): {keeps: boolean | undefined; why: string} => {
	switch (rotationPolicy) {
		case 'Never': {
			return {keeps: true, why: 'by its rotationPolicy Never it keeps its key'};
		}

		case 'Always': {
			return {keeps: false, why: 'by its rotationPolicy Always it gets another key'};
		}

		default: {
			const rotates = rotatesByItself(version);
			if (rotates === undefined) {
				return {keeps: undefined, why: 'it has no rotationPolicy: cert-manager keeps the key before 1.18 and makes another from 1.18 on, and which version this is cannot be read'};
			}

			return rotates
				? {keeps: false, why: `it has no rotationPolicy, and cert-manager ${version!} then makes another key`}
				: {keeps: true, why: `it has no rotationPolicy, and cert-manager ${version!} then keeps the key`};
		}
	}
};

/** A CA of cert-manager's own, and the Certificates of the components that it signs. */
export type SigningCa = {certificate: CertificateObjectFacts; leaves: Concerned[]};

/** The CAs that sign themselves: of another one the bundles hold the root alone. */
export const signingCas = (looked: Pick<Looked, 'cluster' | 'issuance'>): SigningCa[] => {
	const {issuance} = looked;
	const all = concerned(looked);
	return issuance
		? all.filter(({role, certificate}) => role === 'ca' && issuerOf(certificate, issuance)?.type === 'self-signed').map(({certificate}) => ({
			certificate,
			leaves: all.filter(one => one.role === 'component' && issuerOf(one.certificate, issuance)?.caSecret === certificate.secretName),
		}))
		: [];
};

const sameTime = (one: string, other: string): boolean => Date.parse(one) === Date.parse(other);

/** The Certificates whose Secrets were issued before their CA was: ca.crt, which cert-manager writes with the leaf, lacks it. */
export const leftBehind = ({certificate: {notBefore, notAfter}, leaves}: SigningCa, {cluster, secrets}: Pick<Looked, 'cluster' | 'secrets'>): Concerned[] => notAfter === ''
	? []
	: leaves.filter(({component}) => {
		const cas = secrets[secretName(cluster.name, component!)]?.bundle.certificates ?? [];
		return cas.length > 0 && cas.every(ca => !sameTime(ca.notBefore, notBefore) || !sameTime(ca.notAfter, notAfter));
	});

/** When the first of these Certificates is renewed, in milliseconds since the epoch; undefined where none says so. */
export const firstRenewal = (all: Concerned[]): number | undefined => {
	const times = all.map(({certificate}) => Date.parse(certificate.renewalTime)).filter(time => !Number.isNaN(time));
	return times.length === 0 ? undefined : Math.min(...times);
};

const namesOf = (all: Concerned[]): string => secretsNamed(all.map(({certificate}) => certificate.secretName));

const at = (time: number | undefined): string => time === undefined ? 'at its next renewal' : `at ${new Date(time).toISOString()}`;

const renewedProblem = ({cluster, secrets, issuance}: IssuanceQuestion, ca: SigningCa): IssuanceProblem[] => {
	const behind = leftBehind(ca, {cluster, secrets});
	if (behind.length === 0) {
		return [];
	}

	const {keeps, why} = keepsKey(ca.certificate, issuance!);
	const first = firstRenewal(behind);
	return [{
		code: 'ca-renewed',
		what: [
			`the CA was issued again (Certificate ${ca.certificate.name}, ${ca.certificate.notBefore} to ${ca.certificate.notAfter}), and ca.crt of ${namesOf(behind)} holds the one before;`,
			`${why}:`,
			keeps
				? 'present certificates verify against both, until the one before ends'
				: `the first of them to be renewed, ${at(first)}, is refused by the others`,
		].join(' '),
		fix: `replace CA and certificates in order before then: ${commandFor(cluster, 'rotate')}`,
	}];
};

const renewsProblem = ({cluster, secrets, issuance, now, within}: IssuanceQuestion, ca: SigningCa): IssuanceProblem[] => {
	const {certificate: {name, renewalTime}, leaves} = ca;
	const {keeps, why} = keepsKey(ca.certificate, issuance!);
	const isSoon = renewalTime !== '' && Date.parse(renewalTime) - now <= within;
	return !isSoon || keeps === true || leftBehind(ca, {cluster, secrets}).length > 0
		? []
		: [{
			code: 'ca-renews',
			what: [
				`cert-manager renews the CA (Certificate ${name}) by itself at ${renewalTime}, and ${why}:`,
				`from then on each certificate of ${namesOf(leaves)} that is renewed is refused by the others`,
			].join(' '),
			fix: `replace the CA before, in order: ${commandFor(cluster, 'rotate')}`,
		}];
};

/** How long cert-manager's certificates are valid where a Certificate does not say it, in milliseconds. */
const usualLife = 90 * 86_400_000;

const outliveProblem = ({cluster, now, within}: IssuanceQuestion, {certificate: ca, leaves}: SigningCa): IssuanceProblem[] => {
	const ends = Date.parse(ca.notAfter);
	const late = leaves.filter(({certificate: {renewalTime, duration}}) => {
		const from = Date.parse(renewalTime);
		// A CA that is renewed before has another end by then.
		const until = from + (parseGoDuration(duration) ?? usualLife);
		const isSoon = from - now <= within && from < ends;
		return isSoon && !(Date.parse(ca.renewalTime) <= from) && until > ends;
	});
	const first = firstRenewal(late);
	return first === undefined
		? []
		: [{
			code: 'will-outlive-ca',
			what: [
				`cert-manager renews ${namesOf(late)} from ${new Date(first).toISOString()} on with certificates that say they are valid for longer than their CA`,
				`(Certificate ${ca.name}), which ends at ${ca.notAfter}, ${spellDuration(ends - first)} later`,
			].join(' '),
			fix: `replace the CA before: ${commandFor(cluster, 'rotate')}`,
		}];
};

/** What the renewals to come, or those that were, do to the trust between the components. */
export const caProblems = (question: IssuanceQuestion): IssuanceProblem[] =>
	signingCas(question).flatMap(ca => [...renewedProblem(question, ca), ...renewsProblem(question, ca), ...outliveProblem(question, ca)]);
