import test from 'ava';
import {parseAllDocuments} from 'yaml';
import {certificateObjects} from '../../../src/cluster/certificate-objects.ts';
import {documentOrder, secretName} from '../../../src/cluster/components.ts';
import {render} from '../../../src/cluster/templates.ts';
import type {ComponentName} from '../../../src/cluster/types.ts';

type Certificate = {
	apiVersion: string;
	kind: string;
	metadata: {name: string; namespace: string};
	spec: {secretName?: string; dnsNames?: string[]; ipAddresses?: string[]; issuerRef?: unknown; usages?: string[]} & Record<string, unknown>;
};

const issuerRef = {name: 'basic-tidb-issuer', kind: 'Issuer', group: 'cert-manager.io'};
const cluster = {name: 'basic', namespace: 'shop'};

const objects = (names: readonly ComponentName[]): Certificate[] => parseAllDocuments(certificateObjects(cluster, names)).map(document => {
	if (document.errors.length > 0) {
		throw document.errors[0]!;
	}

	return document.toJS() as Certificate;
});

const certificate = (component: ComponentName): Certificate => objects([component]).at(-1)!;

test('a cluster\'s CA and its issuers come first, then its Certificates in the documents\' order', t => {
	t.deepEqual(objects(['client', 'tidb', 'tikv', 'pd']).map(({kind, metadata: {name}}) => `${kind} ${name}`), [
		'Issuer basic-selfsigned-ca-issuer',
		'Certificate basic-ca',
		'Issuer basic-tidb-issuer',
		'Certificate basic-pd-cluster-secret',
		'Certificate basic-tikv-cluster-secret',
		'Certificate basic-tidb-cluster-secret',
		'Certificate basic-cluster-client-secret',
	]);
});

test('the CA is the documents\': self-signed, for ten years, of the name that the components check', t => {
	const [selfSigned, ca, issuer] = objects([]);
	t.deepEqual(selfSigned!.spec, {selfSigned: {}});
	t.deepEqual(ca!.spec, {
		secretName: 'basic-ca-secret', commonName: 'TiDB', isCA: true, duration: '87600h', renewBefore: '720h', issuerRef: {name: 'basic-selfsigned-ca-issuer', kind: 'Issuer'},
	});
	t.deepEqual(issuer!.spec, {ca: {secretName: 'basic-ca-secret'}});
});

test('PD\'s Certificate is the documents\'', t => {
	t.deepEqual(certificate('pd'), {
		apiVersion: 'cert-manager.io/v1',
		kind: 'Certificate',
		metadata: {name: 'basic-pd-cluster-secret', namespace: 'shop'},
		spec: {
			secretName: 'basic-pd-cluster-secret',
			duration: '8760h',
			renewBefore: '360h',
			subject: {organizations: ['PingCAP']},
			commonName: 'TiDB',
			usages: ['server auth', 'client auth'],
			dnsNames: [
				'basic-pd',
				'basic-pd.shop',
				'basic-pd.shop.svc',
				'basic-pd-peer',
				'basic-pd-peer.shop',
				'basic-pd-peer.shop.svc',
				'*.basic-pd-peer',
				'*.basic-pd-peer.shop',
				'*.basic-pd-peer.shop.svc',
			],
			ipAddresses: ['127.0.0.1', '::1'],
			issuerRef,
		},
	});
});

test('each component\'s Certificate names its Secret, and has the hosts of its cfssl request', t => {
	for (const component of documentOrder) {
		const {metadata, spec} = certificate(component);
		const {hosts} = JSON.parse(render(component, cluster)) as {hosts: string[]};
		t.deepEqual([metadata.name, spec.secretName], [secretName('basic', component), secretName('basic', component)]);
		t.deepEqual([...spec.ipAddresses ?? [], ...spec.dnsNames ?? []], hosts, component);
	}
});

test('the servers differ in nothing but names: one lifetime, one subject, one issuer', t => {
	const common = {
		duration: '8760h', renewBefore: '360h', subject: {organizations: ['PingCAP']}, commonName: 'TiDB', usages: ['server auth', 'client auth'], ipAddresses: ['127.0.0.1', '::1'], issuerRef,
	};
	const servers = documentOrder.filter(name => name !== 'client');
	for (const component of servers) {
		const {spec} = certificate(component);
		t.deepEqual(spec, {...common, secretName: spec.secretName, dnsNames: spec.dnsNames}, component);
	}
});

test('the client\'s Certificate is for clients only', t => {
	t.deepEqual(certificate('client').spec, {
		secretName: 'basic-cluster-client-secret', duration: '8760h', renewBefore: '360h', subject: {organizations: ['PingCAP']}, commonName: 'TiDB', usages: ['client auth'], issuerRef,
	});
});

test('a namespace that YAML takes for a number stays a name', t => {
	const documents = parseAllDocuments(certificateObjects({name: 'basic', namespace: '1234'}, documentOrder));
	t.deepEqual(new Set(documents.map(document => document.getIn(['metadata', 'namespace']))), new Set(['1234']));
});
