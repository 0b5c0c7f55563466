import {Buffer} from 'node:buffer';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {mountVolumes} from '../../sandbox/kubelet/mounts.ts';
import {makeRefresher} from '../../sandbox/kubelet/refresh.ts';
import type {Pod, Secret} from '../../sandbox/kubelet/types.ts';

const pod: Pod = {
	metadata: {name: 'basic-pd-0', namespace: 'tidb', uid: 'u'},
	spec: {containers: [], volumes: [{name: 'pd-tls', secret: {secretName: 'basic-pd-cluster-secret'}}]},
};

const secret = (resourceVersion: string, ca: string): Secret => ({
	metadata: {name: 'basic-pd-cluster-secret', resourceVersion}, data: {'ca.crt': Buffer.from(ca).toString('base64')},
});

const mounted = async (t: {teardown: (action: () => Promise<void>) => void}) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'refresh-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	await mountVolumes(folder, pod, {secret: () => secret('1', 'old'), configMap: async () => undefined, claims: {}});
	return {folder, ca: async () => readFile(path.join(folder, 'pd-tls', 'ca.crt'), 'utf8')};
};

test('a changed Secret reaches the files after the delay, not before', async t => {
	const {folder, ca} = await mounted(t);
	const {refresh} = makeRefresher(folder, pod, () => 1000);
	await refresh(() => secret('2', 'new'), 0);
	await refresh(() => secret('2', 'new'), 999);
	t.is(await ca(), 'old');
	await refresh(() => secret('2', 'new'), 1000);
	t.is(await ca(), 'new');
});

test('a second change within the delay does not put it off, and the latest counts', async t => {
	const {folder, ca} = await mounted(t);
	const {refresh} = makeRefresher(folder, pod, () => 1000);
	await refresh(() => secret('2', 'new'), 0);
	await refresh(() => secret('3', 'newest'), 900);
	await refresh(() => secret('3', 'newest'), 1000);
	t.is(await ca(), 'newest');
});

test('a change that is taken back within the delay is never seen', async t => {
	const {folder, ca} = await mounted(t);
	const {refresh} = makeRefresher(folder, pod, () => 1000);
	await refresh(() => secret('2', 'new'), 0);
	await refresh(() => secret('3', 'old'), 500);
	await refresh(() => secret('3', 'old'), 5000);
	t.is(await ca(), 'old');
});

test('a deleted Secret leaves the files', async t => {
	const {folder, ca} = await mounted(t);
	await makeRefresher(folder, pod, () => 0).refresh(() => undefined, 0);
	t.is(await ca(), 'old');
});

test('a missing Secret keeps the volume from being mounted, and is named', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'refresh-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const missing = await mountVolumes(folder, pod, {secret: () => undefined, configMap: async () => undefined, claims: {}});
	t.is(missing, 'MountVolume.SetUp failed for volume "pd-tls" : secret "basic-pd-cluster-secret" not found');
});
