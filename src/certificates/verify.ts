import {createHash} from 'node:crypto';
import {parsed} from './parsed.ts';
import type {CertificateFacts} from './types.ts';

export type Verification = {ok: true; by: CertificateFacts} | {ok: false; reason: string};

const isInValidity = ({notBefore, notAfter}: CertificateFacts, now: number): boolean => Date.parse(notBefore) <= now && now <= Date.parse(notAfter);

const when = ({notBefore, notAfter}: CertificateFacts, now: number): string => Date.parse(notAfter) < now ? `expired at ${notAfter}` : `is not valid before ${notBefore}`;

const checkSignature = (leaf: CertificateFacts, ca: CertificateFacts): boolean => {
	const [{certificate, der}, issuer] = [parsed(leaf), parsed(ca)];
	return !issuer.der.mayNotSign && der.issuerBytes === issuer.der.subjectBytes && certificate.verify(issuer.certificate.publicKey);
};

/** Signatures that were checked already: a certificate never changes, and conditions ask for the same pairs again and again. */
const signatures = new Map<string, boolean>();
const signaturesAtMost = 10_000;

/** Whether a CA's key signed a certificate; nothing of time or trust. */
export const isSignedBy = (leaf: CertificateFacts, ca: CertificateFacts): boolean => {
	const pair = `${leaf.fingerprint} ${ca.fingerprint}`;
	const isSigned = signatures.get(pair) ?? checkSignature(leaf, ca);
	if (signatures.size >= signaturesAtMost) {
		signatures.clear();
	}

	signatures.set(pair, isSigned);
	return isSigned;
};

/** The CAs of a bundle that signed a leaf, whatever their and its validity: several where a CA was made anew for its old key. */
export const signersOf = (leaf: CertificateFacts, bundle: CertificateFacts[]): CertificateFacts[] => bundle.filter(ca => ca.isCa && isSignedBy(leaf, ca));

/**
Whether some CA of a bundle vouches for a leaf, by Go's rule, which TiDB's components follow: every candidate is tried, whatever
the order. OpenSSL's rule is stricter for leaves without a key identifier (tidb-facts 5.A.13) and is asked of openssl itself.
`now` is in milliseconds since the epoch.
*/
export const verifies = (leaf: CertificateFacts, bundle: CertificateFacts[], now: number): Verification => {
	// A CA that was made anew for its old key signs what the expired one signed.
	const signers = signersOf(leaf, bundle);
	const [first] = signers;
	if (!first) {
		return {ok: false, reason: bundle.length === 0 ? 'there is no CA to verify it' : `signed by no CA of the ${bundle.length} (its issuer's key id is ${leaf.authorityKeyId ?? 'not given'})`};
	}

	if (!isInValidity(leaf, now)) {
		return {ok: false, reason: `it ${when(leaf, now)}`};
	}

	const by = signers.find(ca => isInValidity(ca, now));
	return by ? {ok: true, by} : {ok: false, reason: `its CA ${when(first, now)}`};
};

/**
A short hash of what a pod starts with: 16 hex digits of the SHA-256 over the bytes of `ca.crt` and `tls.crt`, as
`cat ca.pem pd-server.pem | openssl dgst -sha256 -r | cut -c1-16` prints it.
*/
export const materialHash = (bundle: string, leaf: string): string => createHash('sha256').update(bundle).update(leaf).digest('hex').slice(0, 16);

/** The same of a process of which only the bundle is of interest. */
export const bundleHash = (bundle: string): string => materialHash(bundle, '');
