import {Buffer} from 'node:buffer';
import {X509Certificate} from 'node:crypto';
import {AsnConvert} from '@peculiar/asn1-schema';
import {AuthorityKeyIdentifier, Certificate, SubjectKeyIdentifier} from '@peculiar/asn1-x509';
import test from 'ava';
import fc from 'fast-check';
import {readDer} from '../../../src/certificates/der.ts';
import {dotted, elements} from '../../../src/certificates/tlv.ts';
import * as openssl from '../../helpers/certificates.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const hex = (data: ArrayBuffer): string => Buffer.from(data).toString('hex');

const rawOf = (pem: string): Uint8Array => new X509Certificate(pem).raw;

const word = fc.string({minLength: 1, maxLength: 40, unit: 'grapheme'}).filter(text => text.trim() !== '');
const dns = fc.domain();
const address = fc.oneof(fc.ipV4(), fc.constantFrom('::1', 'fd00::1', '2001:db8::8:0:0:1'));

test('what is read of a certificate is what a library for ASN.1 reads', t => {
	const ca = makeCa();
	const names = fc.array(fc.oneof(dns, address), {maxLength: 12});
	const property = fc.property(word, word, names, fc.boolean(), (organization, commonName, sans, hasKeyId) => {
		const raw = rawOf(makeLeaf(ca, {
			subject: {C: 'US', O: organization, CN: commonName}, sans, hasKeyId,
		}).cert);
		const facts = readDer(raw);
		const {subject, issuer, extensions = []} = AsnConvert.parse(raw, Certificate).tbsCertificate;
		const value = (id: string) => extensions.find(({extnID}) => extnID === id)?.extnValue.buffer;
		const [own, authority] = [value('2.5.29.14')!, value('2.5.29.35')];
		t.deepEqual(facts.subject.map(([, text]) => text), [...subject].flatMap(set => [...set].map(attribute => attribute.value.toString())));
		t.is(facts.subjectBytes, hex(AsnConvert.serialize(subject)));
		t.is(facts.issuerBytes, hex(AsnConvert.serialize(issuer)));
		t.is(facts.subjectKeyId, hex(AsnConvert.parse(own, SubjectKeyIdentifier).buffer));
		t.is(facts.authorityKeyId, authority && hex(AsnConvert.parse(authority, AuthorityKeyIdentifier).keyIdentifier!.buffer));
		t.deepEqual(facts.sans, sans);
	});
	fc.assert(property, {numRuns: 30, seed: 1});
});

test('a key usage without keyCertSign is seen, and none at all allows everything', t => {
	const ca = openssl.makeCa();
	const usage = (wish: openssl.Wish): boolean => {
		const {cert} = openssl.makeLeaf(ca, wish);
		return readDer(rawOf(cert)).mayNotSign;
	};

	t.true(usage({extensions: ['keyUsage = digitalSignature']}));
	t.false(usage({extensions: ['keyUsage = digitalSignature,keyCertSign']}));
	t.false(usage({}));
});

test('an element that is longer than what holds it is refused', t => {
	t.throws(() => elements(new Uint8Array([0x30, 0x05, 0x02, 0x01])), {instanceOf: RangeError});
	t.throws(() => elements(new Uint8Array([0x30])), {instanceOf: RangeError});
	t.throws(() => elements(new Uint8Array([0x30, 0x82, 0x01])), {instanceOf: RangeError});
});

const identifiers: Array<[bytes: number[], text: string]> = [
	[[0x55, 0x04, 0x03], '2.5.4.3'],
	[[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01], '1.2.840.113549.1.9.1'],
	[[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19], '0.9.2342.19200300.100.1.25'],
	[[0x88, 0x37, 0x03], '2.999.3'],
];

for (const [bytes, text] of identifiers) {
	test(`the object identifier ${text} is read`, t => {
		t.is(dotted(new Uint8Array(bytes)), text);
	});
}
