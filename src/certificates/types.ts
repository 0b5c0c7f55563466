/** What can be read from one X.509 certificate, as plain data. */
export type CertificateFacts = {
	/** SHA-256 of the DER, lower-case hex without separators. */
	fingerprint: string;
	/** Serial number, lower-case hex without leading zeros. */
	serial: string;
	/** RFC 2253-like, most significant first as in the certificate: `C=US,O=PingCAP,CN=TiDB`. */
	subject: string;
	issuer: string;
	commonName: string;
	/** The subject's attributes as cfssl's `names` has them, CN left out. */
	names: Record<string, string>;
	/** Key identifiers, lower-case hex; undefined where the extension is missing (tidb-facts 5.A.13). */
	subjectKeyId?: string;
	authorityKeyId?: string;
	/** ISO 8601, UTC. */
	notBefore: string;
	notAfter: string;
	/** DNS names and IP addresses in the certificate's order, addresses in their canonical text form. */
	sans: string[];
	/** `server auth`, `client auth`: cfssl's words; an unknown usage by its OID. */
	extendedKeyUsages: string[];
	/** Cfssl's words: `{algo: 'ecdsa', size: 256}`, `{algo: 'rsa', size: 2048}`, `{algo: 'ed25519', size: 256}`. */
	key: {algo: string; size: number};
	/** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: equal to that of the private key that fits. */
	publicKey: string;
	isCa: boolean;
	/** The certificate itself, PEM, one trailing newline: public. */
	pem: string;
};

/** What was read from a PEM file or from one key of a Secret. `problem` says in words why it could not be read whole. */
export type PemFacts = {
	certificates: CertificateFacts[];
	/** The text itself: certificates are public. */
	text: string;
	/** SHA-256 of the file's bytes, lower-case hex. */
	digest: string;
	problem?: string;
};

/** A private key file: only which public key belongs to it, never the key. */
export type KeyFacts = {
	publicKey?: string;
	problem?: string;
};
