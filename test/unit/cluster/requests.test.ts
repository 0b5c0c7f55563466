import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import type {CertificateFacts} from '../../../src/certificates/types.ts';
import {caLife, checkCaRequest, checkRequest} from '../../../src/cluster/check-request.ts';
import {
	caRequestFromCa,
	mergeSans,
	requestFromLeaf,
	withOu,
} from '../../../src/cluster/requests.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

type Json = Record<string, unknown>;

const ca = makeCa({
	subject: {
		C: 'US', L: 'CA', O: 'PingCAP', OU: 'TiDB', CN: 'TiDB',
	}, begins: 0, ends: 3650,
});
const parse = (text: string): Json => JSON.parse(text) as Json;
const facts = (pem: string): CertificateFacts => readCertificates(pem).certificates[0]!;
const live = facts(makeLeaf(ca, {sans: ['127.0.0.1', '::1', 'basic-pd', '*.basic-pd-peer']}).cert);
const like = parse(requestFromLeaf(live));
const codes = (value: unknown): string[] => checkRequest('pd-server.json', value, live).map(({code}) => code);

test('a request from a live leaf asks for the same CN, SANs, key and names', t => {
	t.deepEqual(like, {
		CN: 'TiDB', hosts: ['127.0.0.1', '::1', 'basic-pd', '*.basic-pd-peer'], key: {algo: 'ecdsa', size: 256}, names: [{C: 'US', ST: 'CA', L: 'San Francisco'}],
	});
	t.deepEqual(codes(like), []);
});

test('what a request lacks of the live leaf is named', t => {
	const lacking = checkRequest('pd-server.json', {CN: 'Other', hosts: ['basic-pd'], names: []}, live);
	t.true(lacking.every(({code}) => code === 'lost'));
	const all = lacking.map(({what}) => what).join('\n');
	for (const word of ['CN "TiDB"', 'SAN 127.0.0.1', 'SAN ::1', 'SAN *.basic-pd-peer', 'C=US', 'ST=CA', 'L=San Francisco']) {
		t.true(all.includes(word), `${word} is named`);
	}

	t.false(all.includes('SAN basic-pd\n'));
});

test('another kind of key is a loss', t => {
	t.deepEqual(codes({...like, key: {algo: 'rsa', size: 2048}}), ['lost']);
});

test('a request of its own is merged with what the live leaf has, its own hosts first', t => {
	const merged = parse(mergeSans({
		CN: 'Other', hosts: ['new.example', 'basic-pd'], key: {algo: 'rsa', size: 2048}, names: [],
	}, live));
	t.deepEqual(merged.hosts, ['new.example', 'basic-pd', '127.0.0.1', '::1', '*.basic-pd-peer']);
	t.like(merged, {CN: 'TiDB', key: {algo: 'ecdsa', size: 256}});
	t.deepEqual(codes(merged), []);
});

test('what cfssl would refuse or pass over in a leaf\'s request is found', t => {
	t.deepEqual(codes({...like, ca: {expiry: '8760h'}}), ['ca-section']);
	t.deepEqual(codes({...like, host: []}), ['unknown-key']);
	t.deepEqual(codes({...like, key: {algo: 'ecdsa', size: 255}}), ['bad-key', 'lost']);
	t.deepEqual(codes('text'), ['bad-json']);
});

test('a CA\'s request asks for a CA like the present one', t => {
	const request = parse(caRequestFromCa(facts(ca.cert)));
	t.deepEqual(request, {
		CN: 'TiDB', CA: {expiry: '87600h'}, key: {algo: 'ecdsa', size: 256}, names: [{
			C: 'US', L: 'CA', O: 'PingCAP', OU: 'TiDB',
		}],
	});
	t.deepEqual(checkCaRequest(request), []);
	t.is(caLife(request), (87_600 * 3_600_000) - 300_000);
});

test('a new CA may have a subject of its own', t => {
	const names = (text: string): unknown => parse(text).names;
	const present = facts(ca.cert);
	t.like(names(caRequestFromCa(present, {ou: 'TiDB 2'})), [{O: 'PingCAP', OU: 'TiDB 2'}]);
	t.deepEqual(names(withOu({CN: 'TiDB', CA: {expiry: '1h'}}, 'TiDB 2')), [{OU: 'TiDB 2'}]);
	t.throws(() => withOu([], 'TiDB 2'));
});

const caRequest = {CN: 'TiDB', key: {algo: 'rsa', size: 2048}};
const caCodes = (value: Record<string, unknown>): string[] => checkCaRequest({...caRequest, ...value}).map(({code}) => code);

test('ca.expiry must really be there: cfssl takes five years without a word', t => {
	t.deepEqual(caCodes({}), ['no-expiry']);
	t.deepEqual(caCodes({ca: {expirey: '87600h'}}), ['unknown-key', 'no-expiry']);
	t.deepEqual(caCodes({ca: {expiry: '10y'}}), ['bad-expiry']);
	t.deepEqual(caCodes({cas: {expiry: '87600h'}}), ['unknown-key', 'no-expiry']);
});

test('CA and ca are the same to Go', t => {
	t.deepEqual(caCodes({CA: {expiry: '87600h'}}), []);
	t.deepEqual(caCodes({ca: {expiry: '87600h'}}), []);
});

test('a CA of which cfssl would make no key, or that has no subject, is refused', t => {
	t.deepEqual(caCodes({ca: {expiry: '1h'}, key: {algo: 'rsa', size: 1024}}), ['bad-key']);
	t.deepEqual(caCodes({ca: {expiry: '1h'}, key: {algo: 'dsa', size: 2048}}), ['bad-key']);
	t.deepEqual(caCodes({ca: {expiry: '1h'}, CN: ''}), ['no-subject']);
});
