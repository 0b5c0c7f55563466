import {X509Certificate} from 'node:crypto';
import {isIP, isIPv6} from 'node:net';
import {canonicalAddress} from './der.ts';
import type {CertificateFacts} from './types.ts';

/** A name or an address in the form in which two of them can be compared. */
export const plainName = (name: string): string => isIPv6(name) ? canonicalAddress(name) : name.toLowerCase();

/**
Whether a certificate is good for a name or an address, as Go and OpenSSL judge it: SANs only, and `*` stands for one whole label.
A name that has a `*` itself must be there as it is.
*/
export const covers = ({pem, sans}: CertificateFacts, name: string): boolean => {
	const isName = !name.startsWith('*') && isIP(name) === 0;
	return sans.some(san => plainName(san) === plainName(name))
		|| (isName && new X509Certificate(pem).checkHost(name, {subject: 'never', partialWildcards: false}) !== undefined);
};

/** The same as Go alone judges it, to whom `*` may also stand before a name of one label: `*.dm-dm-master-peer`. */
export const coversForGo = (certificate: CertificateFacts, name: string): boolean =>
	covers(certificate, name) || certificate.sans.some(san => san.startsWith('*.') && plainName(san) === `*.${plainName(name).split('.').slice(1).join('.')}`);
