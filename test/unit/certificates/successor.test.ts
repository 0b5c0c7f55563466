import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {isSameCa, successorProblems} from '../../../src/certificates/successor.ts';
import type {CertificateFacts} from '../../../src/certificates/types.ts';
import {makeCa, makeLeaf, type Pair} from '../../helpers/pki.ts';

const factsOf = ({cert}: Pair): CertificateFacts => readCertificates(cert).certificates[0]!;

const earlier = makeCa({ends: 100});
const {key} = earlier;

test('a CA certificate of the same key, subject and key identifier that ends later is the earlier one made anew', t => {
	const renewed = factsOf(makeCa({key, ends: 3650}));
	t.deepEqual(successorProblems(renewed, factsOf(earlier)), []);
});

const others: Array<[title: string, ca: Pair, words: RegExp]> = [
	['another key', makeCa({ends: 3650}), /its key is another/v],
	['another subject', makeCa({
		key, subject: {
			C: 'US', O: 'PingCAP', OU: '2', CN: 'TiDB',
		},
	}), /its subject is .*OU=2/v],
	['the subject in another order', makeCa({key, subject: {CN: 'TiDB', O: 'PingCAP', C: 'US'}}), /its subject/v],
	['no key identifier', makeCa({key, hasKeyId: false}), /Subject Key Identifier is none/v],
	['an earlier end', makeCa({key, ends: 99}), /ends at/v],
	['no CA in it', makeLeaf(earlier), /it is no CA/v],
];

for (const [title, ca, words] of others) {
	test(`a certificate with ${title} is not the CA made anew, and says so`, t => {
		t.regex(successorProblems(factsOf(ca), factsOf(earlier)).join('; '), words);
	});
}

test('two certificates of one CA are of one CA whichever comes first; those of two CAs are not', t => {
	const [one, other, stranger] = [factsOf(earlier), factsOf(makeCa({key, ends: 3650})), factsOf(makeCa())];
	t.true(isSameCa(one, other) && isSameCa(other, one));
	t.false(isSameCa(one, stranger) || isSameCa(stranger, one));
});
