import {createHash} from 'node:crypto';
import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {materialHash, verifies} from '../../../src/certificates/verify.ts';
import {type Made, makeCa, makeLeaf} from '../../helpers/certificates.ts';

const facts = ({cert}: Made) => readCertificates(cert).certificates[0]!;

const [oldCa, newCa] = [makeCa(), makeCa()];
const [oldLeaf, newLeaf] = [makeLeaf(oldCa), makeLeaf(newCa)];
const now = Date.now();

test('a leaf verifies against its CA in a bundle of two with one subject, in either order', t => {
	for (const bundle of [[facts(oldCa), facts(newCa)], [facts(newCa), facts(oldCa)]]) {
		for (const [leaf, ca] of [[oldLeaf, oldCa], [newLeaf, newCa]] as const) {
			const result = verifies(facts(leaf), bundle, now);
			t.true(result.ok);
			t.is(result.ok && result.by.fingerprint, facts(ca).fingerprint);
		}
	}
});

test('a leaf does not verify against another CA of the same subject', t => {
	const result = verifies(facts(newLeaf), [facts(oldCa)], now);
	t.false(result.ok);
	t.regex(result.ok ? '' : result.reason, /^signed by no CA of the 1 /v);
});

test('nothing verifies against nothing', t => {
	t.deepEqual(verifies(facts(newLeaf), [], now), {ok: false, reason: 'there is no CA to verify it'});
});

test('a leaf is not a CA, whatever it signed', t => {
	const signed = makeLeaf(oldLeaf, {subject: '/CN=x'});
	t.false(verifies(facts(signed), [facts(oldLeaf)], now).ok);
});

test('a CA whose key usage does not allow it signs nothing', t => {
	const ca = makeCa({extensions: ['keyUsage = critical,digitalSignature']});
	const leaf = facts(makeLeaf(ca));
	t.false(verifies(leaf, [facts(ca)], now).ok);
});

test('an expired leaf and one that is not valid yet do not verify', t => {
	const leaf = facts(oldLeaf);
	const late = verifies(leaf, [facts(oldCa)], Date.parse(leaf.notAfter) + 1);
	t.is(late.ok ? '' : late.reason, `it expired at ${leaf.notAfter}`);
	const early = verifies(leaf, [facts(oldCa)], Date.parse(leaf.notBefore) - 1);
	t.is(early.ok ? '' : early.reason, `it is not valid before ${leaf.notBefore}`);
});

test('an expired CA vouches for nothing, but one that was made anew for its key does', t => {
	const expired = makeCa({privateKey: oldCa.key, notBefore: '20200101000000Z', notAfter: '20210101000000Z'});
	const alone = verifies(facts(oldLeaf), [facts(expired)], now);
	t.is(alone.ok ? '' : alone.reason, 'its CA expired at 2021-01-01T00:00:00.000Z');
	t.true(verifies(facts(oldLeaf), [facts(expired), facts(oldCa)], now).ok);
});

test('the material is the start of the SHA-256 of both files in a row', t => {
	t.is(materialHash(oldCa.cert, oldLeaf.cert), createHash('sha256').update(oldCa.cert + oldLeaf.cert).digest('hex').slice(0, 16));
});
