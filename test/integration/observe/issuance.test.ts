import test, {type ExecutionContext} from 'ava';
import {listIssuance, observeIssuance} from '../../../src/observe/issuance.ts';
import type {IssuanceFacts} from '../../../src/observe/issuance-types.ts';
import {ProgramError} from '../../../src/run/program.ts';
import {apiServer, type Served} from '../../helpers/api-server.ts';

const group = {group: 'cert-manager.io', version: 'v1'};
const apiVersion = 'cert-manager.io/v1';
const time = '2026-01-01T00:00:00Z';

const metadata = (name: string, more = {}) => ({
	name, namespace: 'tidb', uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: time, generation: 2, ...more,
});

const condition = (type: string, status: string, reason: string, message = '') => ({
	type, status, reason, message, lastTransitionTime: time,
});

const pd = {
	apiVersion,
	kind: 'Certificate',
	metadata: metadata('basic-pd', {
		labels: {'argocd.argoproj.io/instance': 'shop'},
		annotations: {note: 'two\nlines\tand a tab'},
		ownerReferences: [{kind: 'Gateway', name: 'shop'}],
		managedFields: [{manager: 'kubectl'}, {manager: 'cert-manager-certificates-issuing'}, {manager: 'kubectl'}],
	}),
	spec: {
		secretName: 'basic-pd-cluster-secret',
		duration: '8760h0m0s',
		renewBefore: '360h0m0s',
		commonName: 'TiDB',
		dnsNames: ['basic-pd', '*.basic-pd-peer'],
		ipAddresses: ['127.0.0.1'],
		usages: ['server auth', 'client auth'],
		privateKey: {rotationPolicy: 'Always'},
		issuerRef: {name: 'basic-tidb-issuer'},
	},
	status: {
		revision: 3,
		notBefore: time,
		notAfter: '2027-01-01T00:00:00Z',
		renewalTime: '2026-12-17T00:00:00Z',
		lastFailureTime: '2026-12-17T01:00:00Z',
		failedIssuanceAttempts: 2,
		conditions: [condition('Ready', 'True', 'Ready', 'up to\ndate'), condition('Issuing', 'True', 'Renewing')],
	},
};

const request = (name: string, conditions: unknown[], more = {}) => ({
	apiVersion,
	kind: 'CertificateRequest',
	metadata: metadata(name, {annotations: {'cert-manager.io/certificate-name': 'basic-pd', 'cert-manager.io/certificate-revision': '4'}}),
	spec: {request: 'REQUEST'},
	status: {certificate: 'ISSUED', conditions, ...more},
});

const objects = {
	certificates: [pd, {
		apiVersion, kind: 'Certificate', metadata: metadata('fresh'), spec: {secretName: 'fresh'},
	}],
	issuers: [
		{
			apiVersion, kind: 'Issuer', metadata: metadata('basic-tidb-issuer'), spec: {ca: {secretName: 'basic-ca-secret'}}, status: {conditions: [condition('Ready', 'True', 'KeyPairVerified')]},
		},
		{
			apiVersion, kind: 'Issuer', metadata: metadata('self'), spec: {selfSigned: {}}, status: {conditions: [condition('Ready', 'False', 'Wrong', 'no such Secret')]},
		},
		{
			apiVersion, kind: 'Issuer', metadata: metadata('vault'), spec: {vault: {server: 'PRIVATE'}},
		},
	],
	clusterissuers: [{
		apiVersion, kind: 'ClusterIssuer', metadata: metadata('everywhere', {namespace: undefined}), spec: {ca: {secretName: 'root'}}, status: {},
	}],
	certificaterequests: [
		request('answered', [condition('Ready', 'True', 'Issued')]),
		request('denied', [condition('Denied', 'True', 'policy', 'nobody may'), condition('Ready', 'False', 'Denied')], {failureTime: time}),
		request('invalid', [condition('InvalidRequest', 'True', 'BadUsages', 'no such usage'), condition('Ready', 'False', 'Pending')]),
		request('failed', [condition('Ready', 'False', 'Failed', 'no CA')]),
		request('pending', [condition('Approved', 'True', 'policy'), condition('Ready', 'False', 'Pending', 'waiting')]),
		request('ignored', []),
	],
};

const kinds: Array<[plural: keyof typeof objects, kind: string]> = [
	['certificates', 'Certificate'], ['issuers', 'Issuer'], ['clusterissuers', 'ClusterIssuer'], ['certificaterequests', 'CertificateRequest'],
];

const served = (...forbidden: string[]): Served[] => kinds.map(([plural, kind]) => ({
	...group, plural, kind, isNamespaced: plural !== 'clusterissuers', items: forbidden.includes(plural) ? 'forbidden' : objects[plural],
}));

let seen: Promise<IssuanceFacts> | undefined;

/** The same look for all tests that ask for nothing else. */
const look = async (t: ExecutionContext): Promise<IssuanceFacts> => {
	seen ??= (async () => observeIssuance(await apiServer(t, served()), 'tidb'))();
	return seen;
};

test('a Certificate is told with its status, its owners and whoever wrote it', async t => {
	const {certificates} = await look(t);
	t.deepEqual(certificates[0], {
		name: 'basic-pd',
		namespace: 'tidb',
		uid: 'uid-basic-pd',
		generation: 2,
		created: time,
		labels: {'argocd.argoproj.io/instance': 'shop'},
		annotations: {note: 'two\nlines\tand a tab'},
		owners: [{kind: 'Gateway', name: 'shop'}],
		managers: ['kubectl', 'cert-manager-certificates-issuing'],
		conditions: [
			{
				type: 'Ready', status: 'True', reason: 'Ready', message: 'up to\ndate', since: time,
			},
			{
				type: 'Issuing', status: 'True', reason: 'Renewing', message: '', since: time,
			},
		],
		ready: true,
		words: 'Ready: up to\ndate',
		secretName: 'basic-pd-cluster-secret',
		isCa: false,
		issuer: {kind: 'Issuer', name: 'basic-tidb-issuer', group: 'cert-manager.io'},
		duration: '8760h0m0s',
		renewBefore: '360h0m0s',
		rotationPolicy: 'Always',
		commonName: 'TiDB',
		dnsNames: ['basic-pd', '*.basic-pd-peer'],
		ipAddresses: ['127.0.0.1'],
		usages: ['server auth', 'client auth'],
		revision: 3,
		notBefore: time,
		notAfter: '2027-01-01T00:00:00Z',
		renewalTime: '2026-12-17T00:00:00Z',
		issuing: true,
		lastFailureTime: '2026-12-17T01:00:00Z',
		failedAttempts: 2,
	});
});

test('a Certificate at which nobody has looked yet has no times, no revision, and is not Ready', async t => {
	const {certificates} = await look(t);
	const {ready, words, revision, renewalTime, rotationPolicy, issuing, failedAttempts} = certificates.find(({name}) => name === 'fresh')!;
	t.deepEqual({
		ready, words, revision, renewalTime, rotationPolicy, issuing, failedAttempts,
	}, {
		ready: false, words: '', revision: undefined, renewalTime: '', rotationPolicy: '', issuing: false, failedAttempts: 0,
	});
});

test('a Certificate is not Ready by a condition of an earlier spec', async t => {
	const all = served();
	all[0]!.items = [{...pd, status: {conditions: [{...condition('Ready', 'True', 'Ready'), observedGeneration: 1}]}}];
	const {certificates} = await observeIssuance(await apiServer(t, all), 'tidb');
	t.deepEqual(certificates.map(({ready}) => ready), [false]);
});

test('an Issuer is told by what it signs with, and a ClusterIssuer is among them', async t => {
	const {issuers} = await look(t);
	t.deepEqual(issuers.map(({kind, name, type, caSecret, ready, words}) => [kind, name, type, caSecret, ready, words]), [
		['Issuer', 'basic-tidb-issuer', 'ca', 'basic-ca-secret', true, 'KeyPairVerified'],
		['Issuer', 'self', 'self-signed', '', false, 'Wrong: no such Secret'],
		['Issuer', 'vault', 'other', '', false, ''],
		['ClusterIssuer', 'everywhere', 'ca', 'root', false, ''],
	]);
});

test('requests are told by how they ended, and those that were answered are passed over', async t => {
	const {requests} = await look(t);
	t.deepEqual(requests.map(({name, outcome, words, certificate, revision, failureTime}) => [name, outcome, words, certificate, revision, failureTime]), [
		['denied', 'denied', 'policy: nobody may', 'basic-pd', 4, time],
		['invalid', 'invalid', 'BadUsages: no such usage', 'basic-pd', 4, ''],
		['failed', 'failed', 'Failed: no CA', 'basic-pd', 4, ''],
		['pending', 'pending', 'Pending: waiting', 'basic-pd', 4, ''],
		['ignored', 'pending', 'nobody has approved or answered it yet', 'basic-pd', 4, ''],
	]);
});

test('what a request asks for, what it was answered, and what other Issuers sign with is not read', async t => {
	const text = JSON.stringify(await look(t));
	t.notRegex(text, /REQUEST|ISSUED|PRIVATE/v);
});

test('each kind is listed once', async t => {
	const access = await apiServer(t, served());
	await observeIssuance(access, 'tidb');
	t.deepEqual(access.listed.toSorted(), kinds.map(([plural]) => plural).toSorted());
});

test('what may not be read is told, and the rest is known', async t => {
	const {certificates, issuers, requests, unread} = await observeIssuance(await apiServer(t, served('clusterissuers', 'certificaterequests')), 'tidb');
	t.deepEqual(unread, [{kind: 'ClusterIssuer', why: 'forbidden'}, {kind: 'CertificateRequest', why: 'forbidden'}]);
	t.deepEqual([certificates.length, issuers.length, requests.length], [2, 3, 0]);
});

test('where nothing may be read, nothing is known', async t => {
	const access = await apiServer(t, served(...kinds.map(([plural]) => plural)));
	const {certificates, unread} = await observeIssuance(access, 'tidb');
	t.deepEqual(unread.map(({kind}) => kind), kinds.map(([, kind]) => kind));
	t.deepEqual(certificates, []);
});

test('an API server without cert-manager is no failure', async t => {
	const {certificates, unread} = await observeIssuance(await apiServer(t, []), 'tidb');
	t.deepEqual(new Set(unread.map(({why}) => why)), new Set(['not installed']));
	t.deepEqual(certificates, []);
});

test('an API server that does not answer is a failure', async t => {
	const access = {env: {KUBECONFIG: '/nowhere/kubeconfig'}};
	await t.throwsAsync(async () => observeIssuance(access, 'tidb'), {instanceOf: ProgramError, message: /looking for Certificates and Issuers of cert-manager/v});
});

test('of all namespaces only those are kept that are wanted, each with the ClusterIssuers', async t => {
	const all = served();
	all[0]!.items = ['tidb', 'other', 'third'].map(namespace => ({...pd, metadata: metadata(`of-${namespace}`, {namespace})}));
	const access = await apiServer(t, all);
	const of = await listIssuance(access, undefined, new Set(['tidb', 'other', 'empty']));
	t.deepEqual(['tidb', 'other', 'third', 'empty'].map(namespace => of(namespace).certificates.map(({name}) => name)), [['of-tidb'], ['of-other'], [], []]);
	t.deepEqual(of('empty').issuers.map(({name}) => name), ['everywhere']);
	t.is(access.listed.filter(plural => plural === 'certificates').length, 1);
});
