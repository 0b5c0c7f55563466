import {Buffer} from 'node:buffer';
import test from 'ava';
import {execa} from 'execa';
import fc from 'fast-check';
import {
	apply,
	changeCa,
	makeCa,
	sign,
} from '../../../src/plan/lines.ts';
import {allParts} from '../../../src/plan/ca-files.ts';
import {shell} from '../../../src/render/shell.ts';
import {anyText} from '../../helpers/any-text.ts';

const cluster = {name: 'basic', namespace: 'tidb', components: ['pd', 'client'] as const};
const basic = {...cluster, components: [...cluster.components]};

const [keepOldCa, newCa, combineCas] = changeCa(allParts);

// The documents' lines, filled in.
const documented: Array<[title: string, actual: string, expected: string]> = [
	['keeping the old CA', shell(keepOldCa!), 'mv ca.pem ca.old.pem && \\\nmv ca-key.pem ca-key.old.pem'],
	['making a CA', shell(newCa!), 'cfssl gencert -initca ca-csr.json | cfssljson -bare ca -'],
	['making the first CA', shell(makeCa(undefined)), 'cfssl gencert -initca ca-csr.json | cfssljson -bare ca -'],
	[
		'combining the CAs',
		shell(combineCas!),
		'mv ca.pem ca.new.pem && \\\nmv ca-key.pem ca-key.new.pem && \\\ncat ca.new.pem ca.old.pem > ca.pem',
	],
	[
		'signing',
		shell(sign('client', {certificate: 'ca.new.pem', key: 'ca-key.new.pem'}, undefined)),
		'cfssl gencert -ca=ca.new.pem -ca-key=ca-key.new.pem -config=ca-config.json -profile=client client.json | cfssljson -bare client',
	],
	[
		'writing a Secret',
		shell(apply(basic, 'pd', 'ca.pem', undefined)),
		[
			'kubectl create secret generic basic-pd-cluster-secret --namespace=tidb',
			'--from-file=tls.crt=pd-server.pem --from-file=tls.key=pd-server-key.pem --from-file=ca.crt=ca.pem',
			'--dry-run=client -o yaml | kubectl apply -f -',
		].join(' '),
	],
];

for (const [title, actual, expected] of documented) {
	test(`${title} is the documents' line`, t => {
		t.is(actual, expected);
	});
}

test('a line without the old CA\'s key keeps the certificate alone', t => {
	t.is(shell(changeCa(['keep the certificate', 'make'])[0]!), 'mv ca.pem ca.old.pem');
});

test('bash reads back every argument exactly', async t => {
	const word = anyText.filter(text => !text.includes('\0'));
	const property = fc.asyncProperty(fc.array(word, {minLength: 1, maxLength: 20}), async words => {
		const text = shell({commands: [{stages: [['printf', String.raw`%s\0`, ...words]]}], changes: 'nothing'});
		const {stdout} = await execa('bash', ['-c', text], {encoding: 'buffer', env: {LC_ALL: 'C.UTF-8'}});
		const read = Buffer.from(stdout).toString('utf8');
		t.deepEqual(read.split('\0').slice(0, -1), words.map(one => Buffer.from(one).toString('utf8')));
	});
	await fc.assert(property, {numRuns: 12});
});

test('a file\'s text comes out of its here-document as it went in, whatever a shell could read into it', async t => {
	const text = '{"a": "$HOME `id` \\\\ \'"}\n';
	const {stdout} = await execa('bash', ['-c', shell({commands: [{stages: [['cat']], stdin: text}], changes: 'nothing'})], {stripFinalNewline: false});
	t.is(stdout, text);
});
