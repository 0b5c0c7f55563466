import test from 'ava';
import {sameSubjectProblems} from '../../../src/run/preflight/same-subject.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const [old, renewed, other] = [makeCa(), makeCa(), makeCa({subject: {O: 'PingCAP', OU: 'TiDB 2', CN: 'TiDB'}})];

test('a leaf without an Authority Key Identifier is caught in whichever order the CAs stand', async t => {
	const leaf = {what: 'the certificate in Secret basic-pd-cluster-secret', pem: makeLeaf(old, {hasKeyId: false}).cert};
	for (const cas of [[old.cert, renewed.cert], [renewed.cert, old.cert]]) {
		const problems = await sameSubjectProblems(cas, [leaf]);
		t.deepEqual(problems.map(({code}) => code), ['same-subject']);
		t.regex(problems[0]!.what, /^the certificate in Secret basic-pd-cluster-secret verifies against its CA, but OpenSSL refuses it/v);
		t.regex(problems[0]!.fix!, /--ca-ou/v);
	}
});

test('a leaf with an Authority Key Identifier passes', async t => {
	t.deepEqual(await sameSubjectProblems([renewed.cert, old.cert], [{what: 'a leaf', pem: makeLeaf(old).cert}]), []);
});

test('a new CA with a subject of its own is the way out', async t => {
	const leaves = [{what: 'an old leaf', pem: makeLeaf(old, {hasKeyId: false}).cert}, {what: 'a new leaf', pem: makeLeaf(other, {hasKeyId: false}).cert}];
	t.deepEqual(await sameSubjectProblems([other.cert, old.cert], leaves), []);
});

test('a leaf that no CA verifies, or that has expired, is another check\'s affair', async t => {
	const stranger = makeLeaf(makeCa());
	t.deepEqual(await sameSubjectProblems([old.cert, renewed.cert], [{what: 'a stranger', pem: stranger.cert}]), []);
	t.deepEqual(await sameSubjectProblems([old.cert, renewed.cert], [{what: 'an expired one', pem: makeLeaf(old, {ends: -1}).cert}]), []);
});
