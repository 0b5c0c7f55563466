import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import {spellDuration} from '../cluster/duration.ts';
import type {Cluster} from '../cluster/types.ts';
import type {SecretFacts} from '../observe/types.ts';
import {distinct, type Held} from './held.ts';
import {caWords, commandFor, leafWords} from './words.ts';

/** A certificate by whose end something ends, as messages name it; `held` has it as its leaf or in its bundle. */
export type Dated = {what: string; is: 'leaf' | 'ca'; certificate: CertificateFacts; held: Held};

const ends = ({notAfter}: CertificateFacts): number => Date.parse(notAfter);

/** Who vouches for a leaf the longest in a bundle: where a CA was made anew for its old key, the later one. */
const longestSigner = (leaf: CertificateFacts, {bundle}: SecretFacts): CertificateFacts | undefined =>
	signersOf(leaf, bundle.certificates).toSorted((one, other) => ends(other) - ends(one))[0];

/** The leaves, then each CA by which some bundle vouches for one of them, once: each component meets each other. */
export const datedOf = (all: Held[]): Dated[] => {
	const leaves = all.flatMap(held => held.leaf
		? [{
			what: leafWords(held.secret), is: 'leaf' as const, certificate: held.leaf, held,
		}]
		: []);
	const signers = all.flatMap(held => leaves.flatMap(({certificate: leaf}) => {
		const certificate = longestSigner(leaf, held.secret);
		return certificate
			? [{
				what: caWords(certificate), is: 'ca' as const, certificate, held,
			}]
			: [];
	}));
	return [
		...leaves,
		...signers.filter(({certificate}, index) => signers.findIndex(other => other.certificate.fingerprint === certificate.fingerprint) === index),
	];
};

/** The way out where a leaf, or a CA, has expired. */
export const expiredFix = ({is}: Dated, cluster: Cluster): string => is === 'leaf' ? commandFor(cluster, 'rotate', '--keep-ca') : commandFor(cluster, 'issue', '--accept-outage');

/** Whether a certificate is valid at `now`, in milliseconds since the epoch; `fix` is the way out where it has expired. */
export const timeProblems = ({what, certificate: {notBefore, notAfter}}: Dated, now: number, fix: string): Array<{code: 'expired' | 'not-yet-valid'; what: string; fix: string}> => {
	if (Date.parse(notAfter) <= now) {
		return [{code: 'expired', what: `${what} has expired at ${notAfter}`, fix}];
	}

	return Date.parse(notBefore) > now
		? [{code: 'not-yet-valid', what: `${what} is not valid before ${notBefore}`, fix: 'see whether the clocks are right, of this machine and of the nodes'}]
		: [];
};

/** Leaves that say they are valid for longer than every CA of their own bundle that vouches for them: they end with it. */
export const outlivingProblems = (leaves: Array<Required<Held>>, cluster: Cluster) => leaves.flatMap(held => {
	const signer = longestSigner(held.leaf, held.secret);
	return signer && ends(held.leaf) > ends(signer)
		? [{
			held,
			code: 'outlives-ca' as const,
			what: `${leafWords(held.secret)} outlives its CA by ${spellDuration(ends(held.leaf) - ends(signer))}: it counts until ${signer.notAfter} only, since its CA ends before it`,
			fix: `replace the CA before: ${commandFor(cluster, 'rotate')}`,
		}]
		: [];
});

/**
CAs that have expired at `now`, in milliseconds since the epoch, and signed no leaf: they harm nobody, except those who take them for
one that does.
*/
export const expiredUnused = (held: Held[], now: number): Array<{secret: string; what: string}> => {
	const leaves = held.flatMap(({leaf}) => leaf ?? []);
	const unused = distinct(held.flatMap(({secret}) => secret.bundle.certificates)).filter(ca => ends(ca) <= now && leaves.every(leaf => signersOf(leaf, [ca]).length === 0));
	return unused.map(ca => ({
		secret: held.find(({secret}) => secret.bundle.certificates.some(({fingerprint}) => fingerprint === ca.fingerprint))!.secret.name,
		what: `${caWords(ca)}, which signed no present certificate, has expired at ${ca.notAfter} and is still trusted`,
	}));
};
