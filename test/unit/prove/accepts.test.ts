import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {refusal} from '../../../src/prove/accepts.ts';
import {prove} from '../../../src/prove/prove.ts';
import {foresee, targets} from '../../helpers/foresee.ts';
import {cluster, makeMaterial} from '../../helpers/observation.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';
import {Simulation} from '../../helpers/simulate.ts';

const [old, renewed] = [makeCa(), makeCa()];
const other = makeCa({
	subject: {
		C: 'US', O: 'PingCAP', OU: '2', CN: 'TiDB',
	},
});
const both = readCertificates(`${renewed.cert}${old.cert}`);
const leaf = readCertificates(makeLeaf(old).cert);
const withoutKeyId = readCertificates(makeLeaf(old, {hasKeyId: false}).cert);
const now = Date.now();

test('a leaf with a key identifier is accepted by its CA among others, whatever the library', t => {
	for (const library of ['go', 'openssl'] as const) {
		t.is(refusal(leaf, both, library, now), undefined);
	}
});

test('a leaf is refused by a bundle without its CA, whatever the library', t => {
	for (const library of ['go', 'openssl'] as const) {
		t.regex(refusal(leaf, readCertificates(renewed.cert), library, now)!, /^signed by no CA of the 1/v);
	}
});

test('without one, OpenSSL may refuse it by a bundle of CAs with one subject; Go does not', t => {
	t.is(refusal(withoutKeyId, both, 'go', now), undefined);
	t.regex(refusal(withoutKeyId, both, 'openssl', now)!, /OpenSSL may take the wrong one$/v);
});

test('without one, OpenSSL accepts it by its CA alone, and beside a CA of another subject', t => {
	t.is(refusal(withoutKeyId, readCertificates(old.cert), 'openssl', now), undefined);
	t.is(refusal(withoutKeyId, readCertificates(`${other.cert}${old.cert}`), 'openssl', now), undefined);
});

test('a leaf that cannot be read is refused', t => {
	t.is(refusal(readCertificates(''), both, 'go', now), 'it cannot be read');
});

test('a leaf that has expired is refused', t => {
	t.regex(refusal(leaf, both, 'go', now + (400 * 86_400_000))!, /^it expired at/v);
});

test('a rotation whose old leaves have no key identifier is unsafe for TiKV, and for TiKV only', t => {
	const ca = makeCa();
	const present = {ca, leaves: Object.fromEntries(cluster.components.map(component => [component, makeLeaf(ca, {hasKeyId: false})]))};
	const {plan, before, folders} = foresee(new Simulation(present, makeMaterial()), targets.plain);
	const {unsafe} = prove({
		plan, observation: before, folders, now: Date.now(),
	});
	t.deepEqual([...new Set(unsafe.map(({verifier}) => verifier.split(' ', 1)[0]))], ['tikv']);
	t.true(unsafe.every(({moment}) => moment.endsWith('(trust.apply) on')));
});
