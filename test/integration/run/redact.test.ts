import {Buffer} from 'node:buffer';
import {createPrivateKey} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {redactor} from '../../../src/run/redact.ts';
import {makeCa, makeKey} from '../../helpers/certificates.ts';

const ca = makeCa();
/** SEC 1 as cfssl writes EC keys, PKCS #1 as it writes RSA keys, PKCS #8 as openssl does. */
const keys = [
	createPrivateKey(ca.key).export({type: 'sec1', format: 'pem'}) as string,
	createPrivateKey(makeKey('genpkey', '-algorithm', 'RSA')).export({type: 'pkcs1', format: 'pem'}) as string,
	makeKey('genpkey', '-algorithm', 'ED25519'),
];
const redact = redactor(keys);

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const body = (key: string): string => key.split('\n').filter(line => !line.startsWith('-----')).join('');

/** Whether 16 characters in a row of a key, or of the base64 of its PEM at any offset, are in a text. The END line is in certificates too. */
const isLeaked = (text: string, key: string): boolean => {
	const [secret = ''] = key.split('-----END', 1);
	const forms = [body(key), ...[0, 1, 2].map(offset => base64(' '.repeat(offset) + secret).slice(4, -4))];
	const plain = text;
	return forms.some(form => Array.from({length: form.length - 15}, (_, at) => form.slice(at, at + 16)).some(part => plain.includes(part)));
};

const manifest = (data: Record<string, string>) => JSON.stringify({apiVersion: 'v1', kind: 'Secret', data});
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Texts that programs really print, each with the key in it. */
const texts: Array<[title: string, make: (key: string) => string]> = [
	['the PEM file', key => `before\n${key}after`],
	['the PEM file, cut off', key => key.slice(0, -40)],
	['one line of it', key => `openssl: cannot read ${key.split('\n', 2)[1]!}`],
	['a piece of a line', key => `…${key.split('\n', 2)[1]!.slice(7, 27)}…`],
	['the JSON that cfssl prints', key => JSON.stringify({cert: ca.cert, key})],
	['a Secret as YAML', key => `data:\n  tls.crt: ${base64(ca.cert)}\n  tls.key: ${base64(key)}\n`],
	['a Secret as JSON', key => manifest({'tls.key': base64(key)})],
	['a Secret that calls the key otherwise', key => `data:\n  server.key: ${base64(key)}\n`],
	['a failing kubectl apply', key => `Resource: "/v1, Resource=secrets"\nfor: "STDIN": error when patching "STDIN": Patch: ${JSON.stringify({
		metadata: {annotations: {[annotation]: `${manifest({'tls.crt': base64(ca.cert), 'tls.key': base64(key)})}\n`}}, data: {'tls.key': base64(key)},
	})}\nadmission webhook denied the request`],
	['that message inside JSON', key => JSON.stringify({error: manifest({'tls.key': base64(key)})})],
	['Go\'s form of a map', key => `map[tls.crt:${base64(ca.cert)} tls.key:${base64(key)}]`],
	['the base64 of cfssl\'s JSON', key => base64(JSON.stringify({cert: ca.cert, key}))],
	['base64 in lines of 76', key => base64(key).replaceAll(/.{76}/gv, '$&\n')],
	['the base64 of URLs', key => Buffer.from(key).toString('base64url')],
	['the key inside another format\'s DER', key => Buffer.concat([Buffer.from('x'), Buffer.from(body(key), 'base64')]).toString('base64')],
];
for (const [title, make] of texts) {
	test(`no key is left in: ${title}`, t => {
		for (const key of keys) {
			const text = make(key);
			const clean = redact(text);
			t.false(isLeaked(clean, key));
			t.regex(clean, /\[redacted\]/v);
		}
	});
}

for (const title of ['a Secret as YAML', 'a failing kubectl apply', 'the JSON that cfssl prints', 'the base64 of cfssl\'s JSON', 'a Secret that calls the key otherwise']) {
	test(`a key that nobody told of is not left in: ${title}`, t => {
		const make = texts.find(([name]) => name === title)![1];
		for (const key of keys) {
			const clean = redactor([])(make(key));
			t.false(isLeaked(clean, key));
		}
	});
}

test('what a person needs stays', t => {
	const text = `Error from server (Forbidden): secrets "basic-pd-cluster-secret" is forbidden: User "a-long-user-name@example.com" cannot patch resource in /var/lib/pd-tls/tls.crt
serial 7276c29cbec4650216e85e7e7dbc171812ccde66, material 0123456789abcdef, tls.key fits\n${ca.cert}`;
	t.is(redactor([keys[1]!])(text), text);
});

test('a certificate in base64 stays', t => {
	const text = `tls.crt: ${base64(ca.cert)}`;
	t.is(redactor([keys[1]!])(text), text);
});

test('no 16 characters in a row of any key survive, wherever the key is in whatever text', t => {
	const word = fc.constantFrom(...keys, ...keys.map(key => body(key)), '"', String.raw`\n`, String.raw`\"`, ' ', ': ', '{', 'tls.key', '/');
	const words = fc.array(fc.oneof(word, fc.string()), {maxLength: 6});
	const parts = fc.record({
		before: words, key: fc.constantFrom(...keys), after: words, form: fc.nat(3), from: fc.nat(200), until: fc.nat(200),
	});
	const property = fc.property(parts, ({before, key, after, form, from, until}) => {
		const wrap = [(text: string) => text, base64, (text: string) => JSON.stringify(text), (text: string) => base64(JSON.stringify(text))][form]!;
		const text = wrap(before.join('') + key + after.join(''));
		const clean = redact(text.slice(from, text.length - until));
		return keys.every(one => !isLeaked(clean, one));
	});
	t.notThrows(() => {
		fc.assert(property, {numRuns: 300});
	});
});
