import {Buffer} from 'node:buffer';
import test from 'ava';
import {observe} from '../../../src/observe/cluster.ts';
import {apiServer, type Served} from '../../helpers/api-server.ts';
import {cluster} from '../../helpers/observation.ts';
import {makeCa} from '../../helpers/pki.ts';

const {cert} = makeCa();
const names = ['basic-pd-cluster-secret', 'basic-tikv-cluster-secret', 'basic-tidb-cluster-secret', 'basic-cluster-client-secret'];

const metadata = (name: string, more = {}) => ({
	name, namespace: 'tidb', uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...more,
});

const kind = (group: string, plural: string, name: string, items: unknown[] = []): Served => ({
	group, version: group === 'pingcap.com' ? 'v1alpha1' : 'v1', plural, kind: name, isNamespaced: plural !== 'clusterissuers', items,
});

/** What an API server has of the cluster; the client's Secret says more where a test wants it. */
const served = (more = {}): Served[] => [
	kind('', 'secrets', 'Secret', names.map(name => ({
		apiVersion: 'v1', kind: 'Secret', metadata: metadata(name, name === names.at(-1) ? more : {}), data: {'tls.crt': Buffer.from(cert).toString('base64')},
	}))),
	kind('', 'pods', 'Pod'),
	kind('apps', 'statefulsets', 'StatefulSet'),
	kind('pingcap.com', 'tidbclusters', 'TidbCluster', [{
		apiVersion: 'pingcap.com/v1alpha1', kind: 'TidbCluster', metadata: metadata('basic'), spec: {},
	}]),
	kind('cert-manager.io', 'certificates', 'Certificate', [{
		apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: metadata('pd'), spec: {secretName: names[0]},
	}]),
	kind('cert-manager.io', 'issuers', 'Issuer'),
	kind('cert-manager.io', 'clusterissuers', 'ClusterIssuer'),
	kind('cert-manager.io', 'certificaterequests', 'CertificateRequest'),
];

const cases: Array<[title: string, more: Record<string, unknown>, options: {issuance?: boolean}, isAsked: boolean]> = [
	['a Secret has its annotation', {annotations: {'cert-manager.io/certificate-name': 'client'}}, {}, true],
	['a Secret is owned by a Certificate', {ownerReferences: [{kind: 'Certificate', name: 'client'}]}, {}, true],
	['somebody wants to know', {}, {issuance: true}, true],
	['nothing in the Secrets is of it', {annotations: {note: 'x'}}, {}, false],
];

for (const [title, more, options, isAsked] of cases) {
	test(`cert-manager's objects are ${isAsked ? 'looked at' : 'not asked for'} where ${title}`, async t => {
		const access = await apiServer(t, served(more));
		const {issuance} = await observe(access, cluster, '/nowhere/basic', options);
		t.is(issuance?.certificates.length, isAsked ? 1 : undefined);
		t.is(access.listed.filter(plural => plural === 'certificates').length, Number(isAsked));
	});
}
