import test from 'ava';
import {
	components,
	componentsOf,
	inDocumentOrder,
	inOrder,
	isComponent,
	partName,
	partOf,
	runningComponents,
} from '../../../src/cluster/components.ts';

test('the operator restarts PD first and TiCDC last', t => {
	t.deepEqual(inOrder(['client', 'ticdc', 'tidb', 'tikv', 'tiflash', 'tiproxy', 'pump', 'pd']), ['pd', 'tiproxy', 'tiflash', 'tikv', 'pump', 'tidb', 'ticdc', 'client']);
});

test('the documents list PD, TiKV and TiDB first and the client last', t => {
	t.deepEqual(inDocumentOrder(['client', 'tiflash', 'tidb', 'tikv', 'pd']), ['pd', 'tikv', 'tidb', 'tiflash', 'client']);
});

test('a TidbCluster has the components of its spec, and the client', t => {
	t.deepEqual(componentsOf({
		version: 'v8.5.0', tidb: {}, pd: {replicas: 3}, tikv: {}, ticdc: undefined,
	}), ['pd', 'tikv', 'tidb', 'client']);
});

test('a DMCluster has its masters, and workers where its spec asks for them, and a client of its own', t => {
	t.deepEqual(componentsOf({version: 'v8.5.0', worker: {replicas: 1}, master: {replicas: 3}}, 'dm'), ['dm-master', 'dm-worker', 'dm-client']);
	t.deepEqual(componentsOf({master: {replicas: 3}}, 'dm'), ['dm-master', 'dm-client']);
});

test('a DMCluster\'s spec and status call its components otherwise than their pods\' label does', t => {
	t.deepEqual((['dm-master', 'dm-worker', 'dm-client', 'pd'] as const).map(component => partName(component)), ['master', 'worker', undefined, 'pd']);
	t.is(partOf({master: 1, worker: 2}, 'dm-worker'), 2);
});

test('a DMCluster\'s masters are restarted before its workers', t => {
	t.deepEqual(inOrder(['dm-client', 'dm-worker', 'dm-master']), ['dm-master', 'dm-worker', 'dm-client']);
});

test('the client has no pods', t => {
	t.deepEqual(runningComponents({name: 'basic', namespace: 'tidb', components: ['pd', 'client']}), ['pd']);
});

test('files, mounts and profiles are the documents\'', t => {
	t.like(components.tikv, {file: 'tikv-server', mount: '/var/lib/tikv-tls', profile: 'internal'});
	t.like(components.client, {file: 'client', mount: '', profile: 'client'});
});

test('a word of JavaScript is no component', t => {
	t.true(isComponent('pd'));
	t.false(isComponent('constructor'));
	t.false(isComponent('dm-master'));
	t.true(isComponent('dm-master', 'dm'));
	t.false(isComponent('pd', 'dm'));
});
