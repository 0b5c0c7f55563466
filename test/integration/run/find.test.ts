import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findAll} from '../../../src/run/find.ts';
import {apiServer, tidbClusters} from '../../helpers/api-server.ts';

/** An API server with these TidbClusters, by namespace and name. */
const serving = async (t: ExecutionContext, ...clusters: Array<[namespace: string, name: string, uid?: string]>) => apiServer(t, [
	tidbClusters(...clusters.map(([namespace, name, uid = `of ${namespace}/${name}`]) => ({metadata: {namespace, name, uid}, spec: {tlsCluster: {enabled: true}, pd: {replicas: 1}}}))),
	{
		group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', isNamespaced: true, items: [],
	},
]);

test('two that are called alike are each found with the folder that was given for it', async t => {
	const access = await serving(t, ['tidb', 'basic'], ['elsewhere', 'basic']);
	const found = await findAll([access, access], {cluster: 'tidb/basic', with: ['elsewhere/basic'], dirs: ['/certs/one', '/certs/other']});
	t.deepEqual(found.map(({cluster: {namespace, name}, folder}) => [namespace, name, folder]), [['tidb', 'basic', '/certs/one'], ['elsewhere', 'basic', '/certs/other']]);
	t.deepEqual(found[0]!.cluster.together!.map(({word, dir}) => [word, dir]), [['tidb/basic', '/certs/one'], ['elsewhere/basic', '/certs/other']]);
});

test('two that are called alike, in Kubernetes clusters of their own, are told apart by their contexts', async t => {
	const accesses = [await serving(t, ['tidb', 'basic', 'east']), await serving(t, ['tidb', 'basic', 'west'])];
	const found = await findAll(accesses, {
		cluster: 'basic', with: ['basic'], contexts: ['east', 'west'], dirs: ['/certs/east', '/certs/west'],
	});
	t.deepEqual(found.map(({cluster: {context}}) => context), ['east', 'west']);
	t.deepEqual(found[1]!.cluster.together!.map(({uid, context}) => [uid, context]), [['east', 'east'], ['west', 'west']]);
});

test('two that are called alike and would share a folder are refused, with both and the option that tells the folders', async t => {
	const access = await serving(t, ['tidb', 'basic'], ['elsewhere', 'basic']);
	const error = await t.throwsAsync(findAll([access, access], {cluster: 'tidb/basic', with: ['elsewhere/basic']}));
	t.regex(error.message, /^basic in namespace tidb and basic in namespace elsewhere would share the cluster folder \S+\/clusters\/basic$/v);
	t.like(error, {hints: ['give each --cluster a --dir of its own, in the same order']});
});

test('one folder that is written in two ways is one', async t => {
	const access = await serving(t, ['tidb', 'basic'], ['tidb', 'second']);
	const dirs = ['/certs/one', path.join('/certs', 'other', '..', 'one', path.sep)];
	await t.throwsAsync(findAll([access, access], {cluster: 'basic', with: ['second'], dirs}), {message: /would share the cluster folder \/certs\/one$/v});
});

test('one that is given twice is refused, whatever its folders and contexts are called', async t => {
	const access = await serving(t, ['tidb', 'basic']);
	await t.throwsAsync(findAll([access, access], {cluster: 'basic', with: ['tidb/basic'], dirs: ['/certs/one', '/certs/other']}), {message: 'basic in namespace tidb is given twice'});
});
