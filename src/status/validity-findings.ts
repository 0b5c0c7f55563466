import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import {spellDuration} from '../cluster/duration.ts';
import {
	commandFor,
	componentSecrets,
	distinct,
	leafOf,
} from './component-secrets.ts';
import type {Finding, Judged} from './findings.ts';

const begins = ({notBefore}: CertificateFacts): number => Date.parse(notBefore);

/** When a certificate expires, in milliseconds since the epoch. */
const ends = ({notAfter}: CertificateFacts): number => Date.parse(notAfter);

/** A CA as messages name it. */
export const caWords = ({subject, serial}: CertificateFacts): string => `the CA ${subject} (serial ${serial})`;

const timeFindings = (what: string, certificate: CertificateFacts, now: number, rest: Pick<Finding, 'fix' | 'secret'>): Finding[] => {
	if (ends(certificate) <= now) {
		return [{
			code: 'expired', severity: 'critical', what: `${what} has expired at ${certificate.notAfter}`, ...rest,
		}];
	}

	return begins(certificate) > now
		? [{
			code: 'not-yet-valid', severity: 'critical', what: `${what} is not valid before ${certificate.notBefore}`, ...rest, fix: 'see whether the clocks are right',
		}]
		: [];
};

/** A CA that vouches for no leaf harms nobody by its expiry, except those who take it for one that does. */
const unusedFinding = (ca: CertificateFacts, secret: string, fix: string): Finding => ({
	code: 'expired-unused', severity: 'warning', what: `${caWords(ca)}, which signed no present certificate, has expired at ${ca.notAfter} and is still trusted`, fix, secret,
});

/**
Who vouches for each leaf the longest: the CA of its own bundle that signed it; where a CA was made anew for its old key, the later one.
*/
export const longestSigner = (leaf: CertificateFacts, bundle: CertificateFacts[]): CertificateFacts | undefined =>
	signersOf(leaf, bundle).toSorted((one, other) => ends(other) - ends(one))[0];

/** What has expired or is not valid yet, and leaves that count on a CA which ends before them. */
export const validityFindings = ({cluster, secrets, now}: Judged): Finding[] => {
	const present = componentSecrets(cluster, secrets).flatMap(secret => {
		const leaf = leafOf(secret);
		return leaf ? [{secret, leaf, signer: longestSigner(leaf, secret.bundle.certificates)}] : [];
	});
	const signers = distinct(present.flatMap(({signer}) => signer ?? []));
	const owner = (ca: CertificateFacts) => present.find(({secret}) => secret.bundle.certificates.some(({fingerprint}) => fingerprint === ca.fingerprint))!.secret.name;
	const cas = distinct(present.flatMap(({secret}) => secret.bundle.certificates));
	const used = new Set(present.flatMap(({leaf}) => signersOf(leaf, cas)));
	const unused = cas.filter(ca => !used.has(ca) && ends(ca) <= now);
	return [
		...present.flatMap(({secret: {name}, leaf}) => timeFindings(`the certificate in Secret ${name}`, leaf, now, {fix: commandFor(cluster, 'rotate', '--keep-ca'), secret: name})),
		...signers.flatMap(ca => timeFindings(caWords(ca), ca, now, {fix: commandFor(cluster, 'issue', '--accept-outage'), secret: owner(ca)})),
		...unused.map(ca => unusedFinding(ca, owner(ca), commandFor(cluster, 'rotate', '--retire-old-ca'))),
		...present.flatMap(({secret: {name}, leaf, signer}): Finding[] => signer && ends(leaf) > ends(signer)
			? [{
				code: 'outlives-ca',
				severity: 'warning',
				what: `the certificate in Secret ${name} outlives its CA by ${spellDuration(ends(leaf) - ends(signer))}: it counts until ${signer.notAfter} only`,
				fix: `replace the CA before: ${commandFor(cluster, 'rotate')}`,
				secret: name,
			}]
			: []),
	];
};
