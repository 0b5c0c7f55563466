
import test from 'ava';
import {lost} from '../../../src/certificates/compare.ts';
import {readCertificates} from '../../../src/certificates/read.ts';
import {type Wish, makeCa, makeLeaf} from '../../helpers/certificates.ts';

const ca = makeCa();
const wish: Wish = {subject: '/C=US/O=PingCAP/OU=one/OU=two/CN=TiDB', sans: 'DNS:basic-pd,IP:::1'};
const facts = (different: Wish = {}) => readCertificates(makeLeaf(ca, {...wish, ...different}).cert).certificates[0]!;
const old = facts();

const request = {
	CN: 'TiDB', hosts: ['basic-pd', '0:0:0:0:0:0:0:1', 'more'], key: {algo: 'ecdsa', size: 256}, names: [{C: 'US', O: 'PingCAP', OU: 'one'}, {OU: 'two'}],
};

test('a leaf like the old one loses nothing', t => {
	t.deepEqual(lost(old, facts()), []);
});

test('a request for the same loses nothing, however it writes an address', t => {
	t.deepEqual(lost(old, request), []);
});

const losses: Array<[title: string, renewed: Parameters<typeof lost>[1], words: string[]]> = [
	['the CN', facts({subject: '/C=US/O=PingCAP/OU=one/OU=two/CN=x'}), ['CN "TiDB" (it has "x")']],
	['a SAN', facts({sans: 'DNS:basic-pd'}), ['SAN ::1']],
	['a usage', facts({usages: 'clientAuth'}), ['usage server auth']],
	['the kind of key', facts({key: ['-algorithm', 'ED25519']}), ['key ecdsa 256 (it has ed25519 256)']],
	['one of two OUs', facts({subject: '/C=US/O=PingCAP/OU=two/CN=TiDB'}), ['OU=one in its subject']],
	['a host that a request lacks', {...request, hosts: ['::1']}, ['SAN basic-pd']],
	['a name that a request lacks', {...request, names: [{C: 'US', O: 'PingCAP', OU: 'one'}]}, ['OU=two in its subject']],
	['a longer key', {...request, key: {algo: 'ecdsa', size: 384}}, ['key ecdsa 256 (it has ecdsa 384)']],
];
for (const [title, renewed, words] of losses) {
	test(`is named: ${title}`, t => {
		t.deepEqual(lost(old, renewed), words);
	});
}
