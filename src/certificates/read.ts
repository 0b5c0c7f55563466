import {
	createHash,
	createPrivateKey,
	createPublicKey,
	X509Certificate,
	type KeyObject,
} from 'node:crypto';
import {readDer} from './der.ts';
import {keepParsed} from './parsed.ts';
import {remembering} from './remember.ts';
import type {CertificateFacts, KeyFacts, PemFacts} from './types.ts';

/** Only these: Go passes over OpenSSL's `TRUSTED CERTIFICATE`, so that a component would not see it. */
const block = /-----BEGIN CERTIFICATE-----[^\-]*-----END CERTIFICATE-----/gv;

const usageNames: Record<string, string> = {
	'1.3.6.1.5.5.7.3.1': 'server auth',
	'1.3.6.1.5.5.7.3.2': 'client auth',
};

const curveSizes: Record<string, number> = {
	secp224r1: 224, prime256v1: 256, secp384r1: 384, secp521r1: 521,
};

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

const spki = (key: KeyObject): string => sha256(key.export({type: 'spki', format: 'der'}));

/** The kind of a key in the words of cfssl. */
const keyKind = ({asymmetricKeyType, asymmetricKeyDetails}: KeyObject): {algo: string; size: number} => {
	if (asymmetricKeyType === 'rsa') {
		return {algo: 'rsa', size: asymmetricKeyDetails?.modulusLength ?? 0};
	}

	return asymmetricKeyType === 'ec'
		? {algo: 'ecdsa', size: curveSizes[asymmetricKeyDetails?.namedCurve ?? ''] ?? 0}
		: {algo: asymmetricKeyType ?? 'unknown', size: 256};
};

const nameText = (attributes: Array<[string, string]>): string => attributes.map(([name, value]) => `${name}=${value.replaceAll(/[,\\]/gv, String.raw`\$&`)}`).join(',');

const parse = (pem: string): CertificateFacts => {
	const certificate = new X509Certificate(pem);
	const der = readDer(certificate.raw);
	const {subject, issuer, sans, subjectKeyId, authorityKeyId} = der;
	const {CN: commonName = '', ...names} = Object.fromEntries(subject);
	let publicKey: string | undefined;
	const facts: CertificateFacts = {
		fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
		serial: certificate.serialNumber.toLowerCase().replace(/^0+(?=.)/v, ''),
		subject: nameText(subject),
		issuer: nameText(issuer),
		commonName,
		names,
		...(subjectKeyId !== undefined && {subjectKeyId}),
		...(authorityKeyId !== undefined && {authorityKeyId}),
		notBefore: certificate.validFromDate.toISOString(),
		notAfter: certificate.validToDate.toISOString(),
		sans,
		// `keyUsage` is Node's name for the extended key usage.
		extendedKeyUsages: (certificate.keyUsage ?? []).map(usage => usageNames[usage] ?? usage),
		// Asked for where there is a private key to compare with, and dear for thousands.
		get key() {
			return keyKind(certificate.publicKey);
		},
		get publicKey() {
			publicKey ??= spki(certificate.publicKey);
			return publicKey;
		},
		isCa: certificate.ca,
		pem: `${certificate.toString().trimEnd()}\n`,
	};
	keepParsed(facts, {certificate, der});
	return facts;
};

/** A wait looks at the same few certificates every second, and a hundred Secrets may hold one CA. */
const certificateFacts = remembering(parse);

const problemOf = (pem: string, blocks: string[], unreadable: number): string | undefined => {
	if (blocks.length === 0) {
		return pem.trim() === '' ? 'it is empty' : 'it holds no certificate';
	}

	if (unreadable > 0) {
		return `${unreadable} of its ${blocks.length} certificates cannot be read`;
	}

	if (/-----BEGIN [ A-Z]*PRIVATE KEY-----/v.test(pem)) {
		return 'it holds a private key beside the certificate';
	}

	if ((pem.match(/-----BEGIN /gv) ?? []).length !== blocks.length) {
		return 'it holds a block that is no whole certificate';
	}

	return pem.endsWith('\n') ? undefined : 'it does not end in a newline, so that `cat` would run two blocks into each other';
};

/**
Reads every certificate in a text. Text around the blocks is tolerated, as OpenSSL does.
@returns what could be read; `problem` says in words why it is not a sound PEM file.
*/
export const readCertificates = (pem: string): PemFacts => {
	const blocks = pem.match(block) ?? [];
	const certificates = blocks.flatMap(text => {
		try {
			return [certificateFacts(text)];
		} catch {
			return [];
		}
	});
	const problem = problemOf(pem, blocks, blocks.length - certificates.length);
	return {
		certificates, text: pem, digest: sha256(pem), ...(problem !== undefined && {problem}),
	};
};

/** Tells which public key belongs to a private key. Nothing of the key itself is kept or named. */
export const readKey = (pem: string): KeyFacts => {
	try {
		return {publicKey: spki(createPublicKey(createPrivateKey(pem)))};
	} catch {
		return {problem: pem.trim() === '' ? 'it is empty' : 'it is no private key that can be read'};
	}
};
