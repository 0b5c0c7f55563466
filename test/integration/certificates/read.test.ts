
import {createHash} from 'node:crypto';
import test from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import {makeCa, makeKey, makeLeaf} from '../../helpers/certificates.ts';

const ca = makeCa();
const leaf = makeLeaf(ca, {
	subject: '/C=US/ST=CA/O=Ping, CAP/CN=TiDB/emailAddress=a@b.c', sans: 'DNS:*.basic-pd,IP:127.0.0.1,IP:::1,URI:spiffe://tidb', notAfter: '20300101000000Z',
});

test('a leaf\'s facts are in the words of cfssl', t => {
	const {certificates, problem} = readCertificates(leaf.cert);
	t.is(problem, undefined);
	const facts = certificates[0]!;
	t.like(facts, {
		subject: String.raw`C=US,ST=CA,O=Ping\, CAP,CN=TiDB,E=a@b.c`,
		issuer: 'C=US,O=PingCAP,CN=TiDB',
		commonName: 'TiDB',
		names: {
			C: 'US', ST: 'CA', O: 'Ping, CAP', E: 'a@b.c',
		},
		sans: ['*.basic-pd', '127.0.0.1', '::1', 'spiffe://tidb'],
		extendedKeyUsages: ['server auth', 'client auth'],
		key: {algo: 'ecdsa', size: 256},
		notAfter: '2030-01-01T00:00:00.000Z',
		isCa: false,
		pem: leaf.cert,
	});
	t.regex(facts.fingerprint, /^[\da-f]{64}$/v);
	t.regex(facts.serial, /^[1-9a-f][\da-f]*$/v);
});

test('a leaf names its CA by key identifier', t => {
	const [facts, issuer] = readCertificates(leaf.cert + ca.cert).certificates;
	t.regex(issuer!.subjectKeyId!, /^[\da-f]{40}$/v);
	t.is(facts!.authorityKeyId, issuer!.subjectKeyId);
	t.true(issuer!.isCa);
	t.is(issuer!.authorityKeyId, undefined);
});

const kinds: Array<[algo: string, size: number, options: string[]]> = [
	['rsa', 2048, ['-algorithm', 'RSA']],
	['ed25519', 256, ['-algorithm', 'ED25519']],
	['ecdsa', 384, ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
];

for (const [algo, size, options] of kinds) {
	test(`a key of kind ${algo} ${size} is named as cfssl names it, and fits its certificate`, t => {
		const made = makeLeaf(ca, {key: options});
		const [facts] = readCertificates(made.cert).certificates;
		t.deepEqual(facts!.key, {algo, size});
		t.deepEqual(readKey(made.key), {publicKey: facts!.publicKey});
	});
}

test('a key with its curve\'s parameters before it is read', t => {
	const key = makeKey('ecparam', '-name', 'prime256v1', '-genkey');
	t.regex(key, /BEGIN EC PARAMETERS/v);
	t.is(readKey(key).problem, undefined);
});

test('text around the blocks is tolerated, and the digest is that of the whole file', t => {
	const text = `# the old CA\n${ca.cert}\nsubject=TiDB\n${leaf.cert}`;
	const facts = readCertificates(text);
	t.is(facts.certificates.length, 2);
	t.is(facts.problem, undefined);
	t.is(facts.digest, createHash('sha256').update(text).digest('hex'));
});

const joined = ca.cert.trimEnd() + leaf.cert;

const problems: Array<[title: string, text: string, problem: RegExp, readable: number]> = [
	['an empty file', ' \n', /^it is empty$/v, 0],
	['a text without a certificate', 'hello\n', /holds no certificate/v, 0],
	['a file without a newline at its end', ca.cert.trimEnd(), /does not end in a newline/v, 1],
	['a block that is not a certificate', `${ca.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, /^1 of its 2 certificates cannot be read$/v, 1],
	['a file cut off in the middle', ca.cert + leaf.cert.slice(0, 200), /no whole certificate/v, 1],
	['OpenSSL\'s trusted certificates, which Go passes over', ca.cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'), /holds no certificate/v, 0],
	['a private key in it', leaf.cert + leaf.key, /private key/v, 1],
];
for (const [title, text, problem, readable] of problems) {
	test(`is a problem, and what can be read is: ${title}`, t => {
		const facts = readCertificates(text);
		t.regex(facts.problem ?? '', problem);
		t.is(facts.certificates.length, readable);
	});
}

test('two blocks that run into each other on one line are both read, as Node and OpenSSL may not', t => {
	t.is(readCertificates(joined).certificates.length, 2);
});

test('of a key that cannot be read, nothing is said but that', t => {
	t.deepEqual(readKey(leaf.key.replace('PRIVATE', 'SECRET')), {problem: 'it is no private key that can be read'});
	t.deepEqual(readKey(''), {problem: 'it is empty'});
});
