import {Buffer} from 'node:buffer';
import {AsnConvert} from '@peculiar/asn1-schema';
import {
	AuthorityKeyIdentifier,
	Certificate,
	id_ce_authorityKeyIdentifier,
	id_ce_keyUsage,
	id_ce_subjectAltName,
	id_ce_subjectKeyIdentifier,
	KeyUsage,
	KeyUsageFlags,
	SubjectAlternativeName,
	SubjectKeyIdentifier,
	type GeneralName,
	type Name,
} from '@peculiar/asn1-x509';

/** What Node's X509Certificate does not give, or gives only as text that cannot be taken apart again. */
export type DerFacts = {
	/** In the certificate's order, with cfssl's short names; an attribute it has no name for by its OID. */
	subject: Array<[string, string]>;
	issuer: Array<[string, string]>;
	/** The DER of both names, hex: Go compares these bytes. */
	subjectBytes: string;
	issuerBytes: string;
	subjectKeyId?: string;
	authorityKeyId?: string;
	sans: string[];
	/** A key usage extension is there and does not allow the key to sign certificates. */
	mayNotSign: boolean;
};

/** The attributes that cfssl's `names` knows, and CN. */
const attributeNames: Record<string, string> = {
	'2.5.4.3': 'CN',
	'2.5.4.5': 'SerialNumber',
	'2.5.4.6': 'C',
	'2.5.4.7': 'L',
	'2.5.4.8': 'ST',
	'2.5.4.10': 'O',
	'2.5.4.11': 'OU',
	'1.2.840.113549.1.9.1': 'E',
};

const hex = (data: ArrayBuffer): string => Buffer.from(data).toString('hex');

const attributes = (name: Name): Array<[string, string]> => [...name].flatMap(set => [...set].map(({type, value}): [string, string] =>
	[attributeNames[type] ?? type, value.toString()]));

/** An IPv6 address in the short form in which Go and people write it. */
export const canonicalAddress = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

const alternativeName = ({dNSName, iPAddress, rfc822Name, uniformResourceIdentifier}: GeneralName): string[] => {
	const text = dNSName ?? rfc822Name ?? uniformResourceIdentifier;
	if (text !== undefined) {
		return [text];
	}

	const address = iPAddress ?? '';
	return address.includes(':') ? [canonicalAddress(address)] : [address].filter(Boolean);
};

/**
Reads the parts of a certificate that need its DER.
@throws when it is no certificate.
*/
export const readDer = (der: Uint8Array): DerFacts => {
	const {tbsCertificate} = AsnConvert.parse(der, Certificate);
	const value = (id: string) => tbsCertificate.extensions?.find(({extnID}) => extnID === id)?.extnValue.buffer;
	const subjectKeyId = value(id_ce_subjectKeyIdentifier);
	const authority = value(id_ce_authorityKeyIdentifier);
	const authorityKeyId = authority && AsnConvert.parse(authority, AuthorityKeyIdentifier).keyIdentifier;
	const sans = value(id_ce_subjectAltName);
	const usage = value(id_ce_keyUsage);
	return {
		subject: attributes(tbsCertificate.subject),
		issuer: attributes(tbsCertificate.issuer),
		subjectBytes: hex(AsnConvert.serialize(tbsCertificate.subject)),
		issuerBytes: hex(AsnConvert.serialize(tbsCertificate.issuer)),
		...(subjectKeyId && {subjectKeyId: hex(AsnConvert.parse(subjectKeyId, SubjectKeyIdentifier).buffer)}),
		...(authorityKeyId && {authorityKeyId: hex(authorityKeyId.buffer)}),
		sans: sans ? [...AsnConvert.parse(sans, SubjectAlternativeName)].flatMap(name => alternativeName(name)) : [],
		// eslint-disable-next-line no-bitwise -- A bit string of flags.
		mayNotSign: usage !== undefined && (AsnConvert.parse(usage, KeyUsage).toNumber() & KeyUsageFlags.keyCertSign) === 0,
	};
};
