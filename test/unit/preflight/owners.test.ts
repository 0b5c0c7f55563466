import test from 'ava';
import type {SecretFacts, TidbClusterFacts} from '../../../src/observe/types.ts';
import {ownerProblems} from '../../../src/run/preflight/owners.ts';
import {healthy} from '../../helpers/observation.ts';

const ofCluster = (change: Partial<TidbClusterFacts>, suspended: string[] = []): string[] => ownerProblems(healthy(facts => {
	Object.assign(facts.observation.cluster, change);
	facts.suspended = suspended;
})).map(({what}) => what);

const ofSecret = (change: Partial<SecretFacts>, suspended: string[] = []): string[] => ownerProblems(healthy(facts => {
	Object.assign(facts.observation.secrets['basic-pd-cluster-secret']!, change);
	facts.suspended = suspended;
})).map(({what}) => what);

const managed = (what: string, who: string): string[] => [`${what} is managed by ${who}, which may undo the rotation at any moment`];
const cluster = 'TidbCluster basic';
const secret = 'Secret basic-pd-cluster-secret';

test('Argo CD is told by its annotation, its label and its field manager', t => {
	t.deepEqual(ofCluster({annotations: {'argocd.argoproj.io/tracking-id': 'shop:pingcap.com/TidbCluster:tidb/basic'}}), managed(cluster, 'Argo CD'));
	t.deepEqual(ofCluster({labels: {'argocd.argoproj.io/instance': 'shop'}}), managed(cluster, 'Argo CD'));
	t.deepEqual(ofCluster({managers: ['argocd-controller']}), managed(cluster, 'Argo CD'));
});

test('the label app.kubernetes.io/instance says nothing by itself: it is TiDB\'s own', t => {
	t.deepEqual(ofCluster({labels: {'app.kubernetes.io/instance': 'basic'}}), []);
});

test('Flux is told by its labels, unless its reconciliation is disabled', t => {
	const labels = {'kustomize.toolkit.fluxcd.io/name': 'shop'};
	t.deepEqual(ofCluster({labels}), managed(cluster, 'Flux'));
	t.deepEqual(ofCluster({labels, annotations: {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'}}), []);
	t.deepEqual(ofCluster({labels: {'helm.toolkit.fluxcd.io/name': 'shop'}}), managed(cluster, 'Flux'));
});

test('Secrets that are made from elsewhere are told by their owners and marks', t => {
	t.deepEqual(ofSecret({owners: [{kind: 'ExternalSecret', name: 'pd'}]}), managed(secret, 'External Secrets'));
	t.deepEqual(ofSecret({labels: {'reconcile.external-secrets.io/managed': 'true'}}), managed(secret, 'External Secrets'));
	t.deepEqual(ofSecret({owners: [{kind: 'SealedSecret', name: 'pd'}]}), managed(secret, 'Sealed Secrets'));
});

test('an owner that nobody knows is refused; the TidbCluster itself is none, and a Certificate is judged as cert-manager\'s', t => {
	t.deepEqual(ofSecret({owners: [{kind: 'VaultPKISecret', name: 'pd'}]}), [`${secret} is owned by VaultPKISecret pd, which may write it again`]);
	t.deepEqual(ofSecret({owners: [{kind: 'TidbCluster', name: 'basic'}]}), []);
	t.deepEqual(ofSecret({owners: [{kind: 'Certificate', name: 'pd'}]}), []);
});

test('what a person has suspended by cluster.yaml does not bar the rotation', t => {
	t.deepEqual(ofCluster({labels: {'argocd.argoproj.io/instance': 'shop'}}, ['argo-cd']), []);
	t.deepEqual(ofSecret({owners: [{kind: 'VaultPKISecret', name: 'pd'}]}, ['VaultPKISecret']), []);
});
