import {parsed} from './parsed.ts';
import type {CertificateFacts} from './types.ts';

/**
Why a CA's certificate is not an earlier one made anew, in words; empty when it is. What the earlier one's key signed is verified by it
only then: Go compares the subject's bytes, OpenSSL the key identifier, and nobody takes a certificate that ends sooner for a renewed one.
*/
export const successorProblems = (ca: CertificateFacts, earlier: CertificateFacts): string[] => [
	...(ca.isCa ? [] : ['it is no CA']),
	...(ca.publicKey === earlier.publicKey ? [] : ['its key is another']),
	...(parsed(ca).der.subjectBytes === parsed(earlier).der.subjectBytes ? [] : [`its subject is ${ca.subject}, and was ${earlier.subject}, or is written in other bytes`]),
	...(ca.subjectKeyId === earlier.subjectKeyId ? [] : [`its Subject Key Identifier is ${ca.subjectKeyId ?? 'none'}, and was ${earlier.subjectKeyId ?? 'none'}`]),
	...(Date.parse(ca.notAfter) < Date.parse(earlier.notAfter) ? [`it ends at ${ca.notAfter}, and the one before at ${earlier.notAfter}`] : []),
];

/** Whether two certificates are of one CA: what either verifies, the other does, as long as both are valid. */
export const isSameCa = (one: CertificateFacts, other: CertificateFacts): boolean => {
	const [first, second] = Date.parse(one.notAfter) < Date.parse(other.notAfter) ? [one, other] : [other, one];
	return successorProblems(second, first).length === 0;
};
