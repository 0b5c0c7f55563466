import {Buffer} from 'node:buffer';
import test from 'ava';
import {statusOfAll} from '../../../src/run/status-of-all.ts';
import {apiServer, type Served} from '../../helpers/api-server.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const ca = makeCa();
const leaf = makeLeaf(ca);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const kind = (group: string, plural: string, name: string, items: unknown[] = []): Served => ({
	group, version: group === 'pingcap.com' ? 'v1alpha1' : 'v1', plural, kind: name, isNamespaced: plural !== 'clusterissuers', items,
});

const metadata = (namespace: string, name: string, annotations = {}) => ({
	namespace, name, uid: `${namespace}-${name}`, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', annotations,
});

const secretNames = ['basic-pd-cluster-secret', 'basic-cluster-client-secret'];

const certificate = (namespace: string, name: string) => ({
	apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: metadata(namespace, name), spec: {secretName: name, issuerRef: {name: 'issuer'}},
});

/** One cluster of PD alone in each namespace; `of` says whose Secrets they are. */
const served = (namespaces: Record<string, 'cfssl' | 'cert-manager' | 'missing'>): Served[] => {
	const all = Object.entries(namespaces);
	return [
		kind('pingcap.com', 'tidbclusters', 'TidbCluster', all.map(([namespace]) => ({
			apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', metadata: metadata(namespace, 'basic'), spec: {tlsCluster: {enabled: true}, pd: {replicas: 3}},
		}))),
		kind('', 'secrets', 'Secret', all.filter(([, of]) => of !== 'missing').flatMap(([namespace, of]) => secretNames.map(name => ({
			apiVersion: 'v1',
			kind: 'Secret',
			metadata: metadata(namespace, name, of === 'cert-manager' ? {'cert-manager.io/certificate-name': name} : {}),
			data: {'tls.crt': base64(leaf.cert), 'tls.key': base64(leaf.key), 'ca.crt': base64(ca.cert)},
		})))),
		kind('', 'pods', 'Pod'),
		kind('apps', 'deployments', 'Deployment', [{
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: {...metadata('cert-manager', 'cert-manager'), labels: {'app.kubernetes.io/version': 'v1.11.5'}},
			spec: {template: {spec: {containers: []}}},
		}]),
		kind('cert-manager.io', 'certificates', 'Certificate', all.filter(([, of]) => of !== 'cfssl').flatMap(([namespace]) => secretNames.map(name => certificate(namespace, name)))),
		kind('cert-manager.io', 'issuers', 'Issuer'),
		kind('cert-manager.io', 'clusterissuers', 'ClusterIssuer'),
		kind('cert-manager.io', 'certificaterequests', 'CertificateRequest'),
	];
};

const day = 86_400_000;
const limits = {warn: 30 * day, critical: 7 * day};

const counts = (listed: string[]): Record<string, number> => Object.fromEntries(['tidbclusters', 'secrets', 'certificates', 'deployments'].map(plural =>
	[plural, listed.filter(one => one === plural).length]));

test('without a Secret of cert-manager, its objects are not asked for', async t => {
	const access = await apiServer(t, served({one: 'cfssl', other: 'cfssl'}));
	const found = await statusOfAll(access, {limits});
	t.deepEqual(found.map(({issuance}) => issuance), [null, null]);
	t.deepEqual(counts(access.listed), {
		tidbclusters: 1, secrets: 1, certificates: 0, deployments: 0,
	});
});

test('of however many clusters, cert-manager\'s objects are asked for once', async t => {
	const access = await apiServer(t, served({
		one: 'cert-manager', other: 'cfssl', third: 'cert-manager', void: 'missing',
	}));
	const found = await statusOfAll(access, {limits});
	t.deepEqual(found.map(({namespace, issuance}) => [namespace, issuance?.by, issuance?.version, issuance?.certificates.length]), [
		['one', 'cert-manager', 'v1.11.5', 2], ['other', undefined, undefined, undefined], ['third', 'cert-manager', 'v1.11.5', 2], ['void', 'cert-manager', 'v1.11.5', 2],
	]);
	t.deepEqual(counts(access.listed), {
		tidbclusters: 1, secrets: 1, certificates: 1, deployments: 1,
	});
});

const secretOf = (name: string) => ({
	apiVersion: 'v1', kind: 'Secret', metadata: metadata('one', name), data: {'tls.crt': base64(leaf.cert), 'ca.crt': base64(ca.cert)},
});

const podOf = (app: string, component: string, ordinal: number) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: {
		...metadata('one', `basic-${component}-${ordinal}`),
		labels: {
			'app.kubernetes.io/name': app, 'app.kubernetes.io/managed-by': 'tidb-operator', 'app.kubernetes.io/instance': 'basic', 'app.kubernetes.io/component': component,
		},
	},
	status: {containerStatuses: []},
});

/** A TidbCluster with TLS for MySQL clients and a TiProxy, one without, and a DMCluster called as the first one. */
const sides: Served[] = [
	kind('pingcap.com', 'tidbclusters', 'TidbCluster', [
		{
			apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', metadata: metadata('one', 'basic'), spec: {
				tlsCluster: {enabled: true}, pd: {replicas: 3}, tidb: {replicas: 2, tlsClient: {enabled: true}}, tiproxy: {replicas: 4},
			},
		},
		{
			apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', metadata: metadata('one', 'plain'), spec: {tlsCluster: {enabled: true}, tidb: {replicas: 2}},
		},
	]),
	kind('pingcap.com', 'dmclusters', 'DMCluster', [{
		apiVersion: 'pingcap.com/v1alpha1', kind: 'DMCluster', metadata: metadata('one', 'basic'), spec: {tlsCluster: {enabled: true}, master: {replicas: 3}, worker: {replicas: 5}},
	}]),
	kind('', 'secrets', 'Secret', [
		'basic-pd-cluster-secret', 'basic-tidb-server-secret', 'basic-tidb-client-secret', 'basic-dm-master-cluster-secret', 'basic-dm-client-secret',
	].map(name => secretOf(name))),
	kind('', 'pods', 'Pod', [
		// More of PD than the MySQL side has in all.
		...Array.from({length: 7}, (_, ordinal) => podOf('tidb-cluster', 'pd', ordinal)),
		podOf('tidb-cluster', 'tidb', 0),
		podOf('dm-cluster', 'dm-master', 0),
	]),
	kind('apps', 'deployments', 'Deployment'),
	...['certificates', 'issuers', 'clusterissuers', 'certificaterequests'].map(plural => kind('cert-manager.io', plural, plural)),
];

const seen = ({cluster, kind: is, side, secrets, rotation}: Awaited<ReturnType<typeof statusOfAll>>[number]) => ({
	cluster: `${is} ${cluster}`, side, secrets: secrets.map(({component, exists}) => `${component} ${exists ? 'there' : 'missing'}`), pods: rotation.pods,
});

test('with --mysql, the certificates for MySQL clients of the clusters that have them are looked at', async t => {
	const access = await apiServer(t, sides);
	const found = await statusOfAll(access, {limits, mysql: true});
	t.deepEqual(found.map(one => seen(one)), [{
		cluster: 'TidbCluster basic', side: 'mysql', secrets: ['tidb-server there', 'tidb-client there'], pods: 6,
	}]);
});

test('with --kind dm, the DMClusters are looked at', async t => {
	const access = await apiServer(t, sides);
	const found = await statusOfAll(access, {limits, kind: 'dm'});
	t.deepEqual(found.map(one => seen(one)), [{
		cluster: 'DMCluster basic', side: 'components', secrets: ['dm-master there', 'dm-worker missing', 'dm-client there'], pods: 8,
	}]);
});

test('without either, the certificates between the components of the TidbClusters are looked at', async t => {
	const access = await apiServer(t, sides);
	const found = await statusOfAll(access, {limits});
	t.deepEqual(found.map(one => seen(one)), [
		{
			cluster: 'TidbCluster basic', side: 'components', secrets: ['pd there', 'tidb missing', 'client missing'], pods: 9,
		},
		{
			cluster: 'TidbCluster plain', side: 'components', secrets: ['tidb missing', 'client missing'], pods: 2,
		},
	]);
});
