import test from 'ava';
import {covers, coversForGo} from '../../../src/certificates/names.ts';
import {readCertificates} from '../../../src/certificates/read.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const [leaf] = readCertificates(makeLeaf(makeCa(), {subject: {CN: 'only.in.cn'}, sans: ['::1', '10.0.0.1', 'basic-pd', '*.basic-pd-peer.tidb.svc']}).cert).certificates;

const cases: Array<[name: string, isCovered: boolean]> = [
	['basic-pd', true],
	['BASIC-PD', true],
	['basic-pd-0.basic-pd-peer.tidb.svc', true],
	['*.basic-pd-peer.tidb.svc', true],
	['0:0:0:0:0:0:0:1', true],
	['10.0.0.1', true],
	['a.b.basic-pd-peer.tidb.svc', false],
	['basic-pd-peer.tidb.svc', false],
	['*.basic-pd-peer', false],
	['10.0.0.2', false],
	['only.in.cn', false],
];

for (const [name, isCovered] of cases) {
	test(`a certificate is ${isCovered ? '' : 'not '}good for ${name}`, t => {
		t.is(covers(leaf!, name), isCovered);
	});
}

test('for Go a wildcard before a single label is good for one label more, for OpenSSL it is not', t => {
	const [one] = readCertificates(makeLeaf(makeCa(), {sans: ['basic-dm-master', '*.basic-dm-master-peer']}).cert).certificates;
	t.false(covers(one!, 'basic-dm-master-0.basic-dm-master-peer'));
	const names = ['basic-dm-master-0.basic-dm-master-peer', 'A.Basic-DM-master-peer', 'a.b.basic-dm-master-peer', 'basic-dm-master-peer', 'basic-dm-master'];
	t.deepEqual(names.filter(name => coversForGo(one!, name)), ['basic-dm-master-0.basic-dm-master-peer', 'A.Basic-DM-master-peer', 'basic-dm-master']);
});
