import type {CertificateFacts, PemFacts} from '../certificates/types.ts';
import {verifies} from '../certificates/verify.ts';
import type {Library} from './types.ts';

/**
With CAs of one subject, OpenSSL may take the wrong one for a leaf that does not say by a key identifier which of them signed it
(tidb-facts 5.A.13). Which one it takes depends on their order; that is not relied on.
*/
const isAmbiguous = (leaf: CertificateFacts, bundle: CertificateFacts[]): boolean => leaf.authorityKeyId === undefined
	&& new Set(bundle.filter(({subject}) => subject === leaf.issuer).map(({publicKey}) => publicKey)).size > 1;

/**
Whether a process that uses the library accepts a leaf by a bundle; chain and validity, as names and usages do not change in a
rotation. `now` is in milliseconds since the epoch.
@returns why it does not, in words; undefined when it does.
*/
export const refusal = ({certificates}: PemFacts, {certificates: bundle}: PemFacts, library: Library, now: number): string | undefined => {
	const [leaf] = certificates;
	if (!leaf) {
		return 'it cannot be read';
	}

	const verdict = verifies(leaf, bundle, now);
	if (!verdict.ok) {
		return verdict.reason;
	}

	return library === 'openssl' && isAmbiguous(leaf, bundle)
		? 'the bundle has several CAs of its issuer\'s name, and it does not say by an Authority Key Identifier which of them signed it: OpenSSL may take the wrong one'
		: undefined;
};
