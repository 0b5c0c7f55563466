import {Buffer} from 'node:buffer';
import {
	dotted,
	type Element,
	elements,
	textOf,
} from './tlv.ts';

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

const extensionIds = {
	subjectKeyId: '2.5.29.14', keyUsage: '2.5.29.15', subjectAltName: '2.5.29.17', authorityKeyId: '2.5.29.35',
};

/** The tags of RFC 5280 that are looked for, by name. */
const tags = {
	version: 0xA0, extensions: 0xA3, keyIdentifier: 0x80, email: 0x81, dns: 0x82, uri: 0x86, address: 0x87,
};

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

const attributes = (name: Element): Array<[string, string]> => elements(name.content).flatMap(set => elements(set.content).map(({content}): [string, string] => {
	const [type, value] = elements(content);
	const id = dotted(type!.content);
	return [attributeNames[id] ?? id, textOf(value!)];
}));

/** An IPv6 address in the short form in which Go and people write it. */
export const canonicalAddress = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

const addressText = (bytes: Uint8Array): string => bytes.length === 4
	? bytes.join('.')
	: canonicalAddress(hex(bytes).replaceAll(/.{4}(?=.)/gv, '$&:'));

const alternativeName = (name: Element): string[] => {
	if ([tags.email, tags.dns, tags.uri].includes(name.tag)) {
		return [textOf(name)];
	}

	return name.tag === tags.address ? [addressText(name.content)] : [];
};

/** What each extension's octets hold, by OID. */
const extensionValues = (body: Element[]): Map<string, Element> => {
	const [list] = elements(body.find(({tag}) => tag === tags.extensions)?.content ?? new Uint8Array());
	return new Map(elements(list?.content ?? new Uint8Array()).flatMap(({content}) => {
		const [id, ...rest] = elements(content);
		const [value] = elements(rest.at(-1)!.content);
		return value ? [[dotted(id!.content), value]] : [];
	}));
};

/** A bit string's first byte says how many bits at its end are unused. Bit 5 of a key usage is keyCertSign. */
const mayNotSign = (usage: Element | undefined): boolean =>
	// eslint-disable-next-line no-bitwise -- A bit string of flags.
	usage !== undefined && ((usage.content[1] ?? 0) & 0b0000_0100) === 0;

/**
Reads the parts of a certificate that need its DER: one that OpenSSL has read already. By hand, as a list of thousands of
Secrets is read too: a library for ASN.1 needs a millisecond for each.
@throws when it is no certificate.
*/
export const readDer = (der: Uint8Array): DerFacts => {
	const [certificate] = elements(der);
	const [tbs] = elements(certificate!.content);
	const body = elements(tbs!.content);
	// Serial number, signature algorithm, issuer, validity, subject, public key; before them perhaps the version.
	const first = body[0]!.tag === tags.version ? 1 : 0;
	const [issuer, subject] = [body[first + 2], body[first + 4]];
	const values = extensionValues(body);
	const subjectKeyId = values.get(extensionIds.subjectKeyId);
	const authorityKeyId = elements(values.get(extensionIds.authorityKeyId)?.content ?? new Uint8Array()).find(({tag}) => tag === tags.keyIdentifier);
	return {
		subject: attributes(subject!),
		issuer: attributes(issuer!),
		subjectBytes: hex(subject!.whole),
		issuerBytes: hex(issuer!.whole),
		...(subjectKeyId && {subjectKeyId: hex(subjectKeyId.content)}),
		...(authorityKeyId && {authorityKeyId: hex(authorityKeyId.content)}),
		sans: elements(values.get(extensionIds.subjectAltName)?.content ?? new Uint8Array()).flatMap(name => alternativeName(name)),
		mayNotSign: mayNotSign(values.get(extensionIds.keyUsage)),
	};
};
