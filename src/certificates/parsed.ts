import {X509Certificate} from 'node:crypto';
import {type DerFacts, readDer} from './der.ts';
import type {CertificateFacts} from './types.ts';

/** A certificate as OpenSSL read it, and what of its DER was read by hand. */
type Parsed = {certificate: X509Certificate; der: DerFacts};

/** For as long as somebody holds the facts: reading a certificate is most of the work on a list of thousands. */
const known = new WeakMap<CertificateFacts, Parsed>();

/** Keeps what the facts were read from. */
export const keepParsed = (facts: CertificateFacts, from: Parsed): void => {
	known.set(facts, from);
};

/** What the facts were read from; read again for facts that were copied. */
export const parsed = (facts: CertificateFacts): Parsed => {
	const kept = known.get(facts);
	if (kept) {
		return kept;
	}

	const certificate = new X509Certificate(facts.pem);
	const from = {certificate, der: readDer(certificate.raw)};
	known.set(facts, from);
	return from;
};
