import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import fc from 'fast-check';
import {oldCa, pairs} from '../../helpers/consumers.ts';

const filter = path.resolve(import.meta.dirname, '../../../src/observe/one-line.awk');

const filtered = async (text: string): Promise<string[]> => {
	const {stdout} = await execa('awk', ['-v', 'mark=MARK', '-f', filter], {input: text, env: {LC_ALL: 'C'}});
	return stdout === '' ? [] : stdout.split('\n');
};

const base64 = (pem: string): string => pem.replaceAll(/-----[^\-]+-----|\s/gv, '');
const indented = (text: string): string => text.replaceAll(/^(?=.)/gmv, ' '.repeat(4));

test('certificates come out with their place, each in one line, however they were written', async t => {
	const {cert, key} = pairs.old;
	t.deepEqual(await filtered(`MARK Secret/a/b tls.pem\n${cert}${key}\nMARK ConfigMap/c/d x.yaml\nca: |\n${indented(oldCa.cert)}${key}${cert.replaceAll('\n', '\r\n')}`), [
		`Secret/a/b tls.pem ${base64(cert)}`,
		`ConfigMap/c/d x.yaml ${base64(oldCa.cert)}`,
		`ConfigMap/c/d x.yaml ${base64(cert)}`,
	]);
});

test('no line of a private key comes out, wherever it stands and whatever is broken around it', async t => {
	const {key, cert} = pairs.old;
	const keyLines = key.split('\n').filter(line => line !== '' && !line.startsWith('-----'));
	const pieces = [
		key,
		cert,
		oldCa.cert,
		cert.slice(0, 200),
		'-----BEGIN CERTIFICATE-----\n',
		'-----END CERTIFICATE-----\n',
		'MARK Secret/a/b c\n',
		JSON.stringify({cert, key}),
		'\n',
		'  ',
		'\r\n',
		'\0',
	];
	const texts = fc.array(fc.constantFrom(...pieces), {maxLength: 24});
	await fc.assert(fc.asyncProperty(texts, async chosen => {
		const lines = await filtered(chosen.join(''));
		t.true(lines.every(line => keyLines.every(secret => !line.includes(secret))));
	}), {seed: 6, numRuns: 20});
});
