import {once} from 'node:events';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import anyTest, {type TestFn} from 'ava';
import {execa} from 'execa';
import {podAddress} from '../sandbox/address.ts';
import {down} from '../sandbox/down.ts';
import {isAlive, type ProcessRecord, readRecord} from '../sandbox/kubelet/record.ts';
import {keepProcess, restartProcess} from '../sandbox/kubelet/restart-process.ts';
import type {Pod} from '../sandbox/kubelet/types.ts';
import {connect, type Kube, resources} from '../sandbox/kube.ts';
import {listProcesses, startProcess} from '../sandbox/processes.ts';
import {type Sandbox, stateFolder, statePaths} from '../sandbox/state.ts';
import {up} from '../sandbox/up.ts';
import {attemptUntilKnown} from './kubelet/attempt.ts';
import {
	type Authority,
	makeAuthority,
	type Pair,
	readLog,
} from './kubelet/certificates.ts';
import {pdConfig, pdSecret, pdSet} from './kubelet/objects.ts';
import {until} from './kubelet/until.ts';

type Context = {
	sandbox: Sandbox;
	kube: Kube;
	address: string;
	old: Authority;
	next: Authority;
	clients: Record<'old' | 'canary' | 'control', Pair>;
	leaf: Record<'old' | 'next', Pair>;
};

const test = anyTest as TestFn<Context>;
const state = stateFolder(path.join(import.meta.dirname, '../..'), 'kubelet-test');
const namespace = 'tidb';
const pod = {namespace, name: 'basic-pd-0'};

test.before(async t => {
	// A run that was broken off leaves its sandbox.
	await down(state);
	const {sandbox} = await up(state, {operator: 'none', kubeletDelay: {min: 1000, max: 2000}}, line => {
		t.log(line);
	});
	const kube = await connect(statePaths(state).kubeconfig);
	const address = podAddress({
		network: sandbox.network, namespace, set: 'basic-pd', ordinal: 0,
	});
	const [old, next, stranger] = await Promise.all(['old', 'next', 'stranger'].map(async name => makeAuthority(sandbox, path.join(state, 'certificates', name)))) as [Authority, Authority, Authority];
	const hosts = ['127.0.0.1', '*.basic-pd-peer.tidb.svc', address];
	t.context = {
		sandbox,
		kube,
		address,
		old,
		next,
		clients: {old: await old.sign(['client']), canary: await next.sign(['client']), control: await stranger.sign(['client'])},
		leaf: {old: await old.sign(hosts), next: await next.sign(hosts)},
	};
	await kube.create(resources.configMaps, pdConfig);
	await kube.create(resources.statefulSets, pdSet);
});

test.after.always(async () => {
	await down(state);
});

const see = async (kube: Kube): Promise<Pod | undefined> => kube.get<Pod>(resources.pods, pod);
const isReady = (one: Pod | undefined): boolean => one?.status?.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') ?? false;
const untilReady = async (kube: Kube, uid?: string): Promise<Pod> => until('the pod is Ready', async () => {
	const seen = await see(kube);
	return isReady(seen) && seen!.metadata.uid !== uid && seen;
});

const record = async (): Promise<ProcessRecord> => (await readRecord(state, namespace, pod.name))!;
const containerOf = (one: Pod) => (one.status!.containerStatuses as Array<{restartCount: number; state: {running?: {startedAt: string}}}>)[0]!;

/** Writes the Secret and waits until the process's volume has it. */
const mount = async ({kube}: Context, leaf: Pair, bundle: string): Promise<void> => {
	await kube.apply(resources.secrets, pdSecret(leaf, bundle));
	const {volumes} = await record();
	await until('the Secret is mounted', async () => {
		const [ca, certificate] = await Promise.all(['ca.crt', 'tls.crt'].map(async file => readFile(path.join(volumes, 'pd-tls', file), 'utf8')));
		return ca === bundle && certificate === leaf.cert;
	});
};

/** Deletes the pod and waits for its successor. */
const replace = async ({kube}: Context): Promise<Pod> => {
	const {metadata} = (await see(kube))!;
	await kube.remove(resources.pods, pod, {uid: metadata.uid!});
	return untilReady(kube, metadata.uid);
};

/** Who is let in at PD's client port, and whose leaf it serves. */
const look = async ({address, clients, leaf}: Context) => {
	const names = ['old', 'canary', 'control'] as const;
	const answers = await Promise.all(names.map(async name => attemptUntilKnown(address, 2379, clients[name])));
	const served = answers.find(answer => answer.served)?.served?.toString();
	return {
		...Object.fromEntries(names.map((name, index) => [name, answers[index]!.verdict])),
		serves: served === leaf.old.cert ? 'old' : (served === leaf.next.cert ? 'new' : 'other'),
	};
};

test.serial('a pod whose Secret is missing stays in ContainerCreating', async t => {
	const {kube} = t.context;
	const waiting = await until('the pod says what is missing', async () => {
		const seen = await see(kube);
		return JSON.stringify(seen?.status?.containerStatuses ?? '').includes('basic-pd-cluster-secret') && seen;
	});
	t.is(waiting.status!.phase, 'Pending');
	t.regex(JSON.stringify(waiting.status), /"reason":"ContainerCreating","message":"MountVolume\.SetUp failed .*secret \\"basic-pd-cluster-secret\\" not found/v);
});

test.serial('start: the old client is accepted, canary and control are rejected, the old leaf is served', async t => {
	const {kube, leaf, old} = t.context;
	await kube.apply(resources.secrets, pdSecret(leaf.old, old.cert));
	await untilReady(kube);
	t.deepEqual(await look(t.context), {
		old: 'accepted', canary: 'rejected', control: 'rejected', serves: 'old',
	});
});

test.serial('bundle mounted, not restarted: the canary is still rejected', async t => {
	const {leaf, old, next} = t.context;
	await mount(t.context, leaf.old, next.cert + old.cert);
	t.deepEqual(await look(t.context), {
		old: 'accepted', canary: 'rejected', control: 'rejected', serves: 'old',
	});
});

test.serial('the accident: a new pod, Ready, started later, and behind it the process that rejects the canary', async t => {
	const {kube, sandbox, old, next} = t.context;
	const before = {pod: await untilReady(kube), process: await record()};
	await keepProcess(state, namespace, pod.name);
	const after = await replace(t.context);
	t.true(containerOf(after).state.running!.startedAt >= before.pod.status!.startTime!);
	t.true(after.status!.startTime! > before.pod.status!.startTime!);
	t.is(containerOf(after).restartCount, 0);
	const kept = await record();
	t.is(kept.pid, before.process.pid);
	t.is(kept.pod.uid, after.metadata.uid!);
	t.like(await look(t.context), {old: 'accepted', canary: 'rejected', control: 'rejected'});

	const inside = async (file: string) => {
		const {stdout} = await execa(sandbox.programs.kubectl, ['exec', '-n', namespace, pod.name, '-c', 'pd', '--', 'cat', file], {env: {KUBECONFIG: statePaths(state).kubeconfig}, stdin: 'ignore'});
		return stdout;
	};

	t.is(await inside('/var/lib/pd-tls/ca.crt'), (next.cert + old.cert).trim());
	const stat = await inside('/proc/1/stat');
	t.is(stat.split(' ', 1)[0], String(kept.pid));
});

test.serial('the accident: the kept process reads its old volume, the new pod the new Secret', async t => {
	const {kube, leaf, old, next} = t.context;
	const {metadata} = (await see(kube))!;
	await kube.apply(resources.secrets, pdSecret(leaf.next, next.cert + old.cert));
	const mounted = path.join(statePaths(state).pods, namespace, pod.name, metadata.uid!, 'volumes/pd-tls/tls.crt');
	await until('the new leaf is mounted', async () => await readFile(mounted, 'utf8') === leaf.next.cert);
	t.like(await look(t.context), {serves: 'old'});
	await kube.apply(resources.secrets, pdSecret(leaf.old, next.cert + old.cert));
	await until('the old leaf is mounted again', async () => await readFile(mounted, 'utf8') === leaf.old.cert);
});

test.serial('the accident ends when the process is restarted: the canary is accepted', async t => {
	const {kube} = t.context;
	const before = await record();
	await restartProcess(state, namespace, pod.name);
	await until('the process is another one', async () => {
		const {pid} = await record();
		return pid !== before.pid;
	});
	const seen = await until('the pod shows the restart', async () => {
		const one = await see(kube);
		return isReady(one) && containerOf(one!).restartCount === 1 && one;
	});
	const {uid} = await record();
	t.is(uid, seen.metadata.uid!);
	t.deepEqual(await look(t.context), {
		old: 'accepted', canary: 'accepted', control: 'rejected', serves: 'old',
	});
});

test.serial('after the restart of the pod: the canary is accepted, the old leaf is served', async t => {
	const before = await record();
	await replace(t.context);
	const after = await record();
	t.not(after.pid, before.pid);
	t.false(await isAlive(before));
	t.deepEqual(await look(t.context), {
		old: 'accepted', canary: 'accepted', control: 'rejected', serves: 'old',
	});
});

test.serial('new leaf mounted, not restarted: it is served at once', async t => {
	const {leaf, old, next} = t.context;
	await mount(t.context, leaf.next, next.cert + old.cert);
	t.deepEqual(await look(t.context), {
		old: 'accepted', canary: 'accepted', control: 'rejected', serves: 'new',
	});
});

test.serial('new CA only mounted, not restarted: the old client is still accepted', async t => {
	const {leaf, next} = t.context;
	await mount(t.context, leaf.next, next.cert);
	t.like(await look(t.context), {old: 'accepted', canary: 'accepted'});
});

test.serial('new CA only, restarted: the old client is rejected', async t => {
	await replace(t.context);
	t.deepEqual(await look(t.context), {
		old: 'rejected', canary: 'accepted', control: 'rejected', serves: 'new',
	});
});

test.serial('a process that dies is started again, in the same pod, with its data', async t => {
	const {kube} = t.context;
	const before = await record();
	process.kill(before.pid, 'SIGKILL');
	const seen = await until('the pod shows the restart', async () => {
		const one = await see(kube);
		return isReady(one) && containerOf(one!).restartCount === 1 && one;
	});
	t.is(seen.metadata.uid!, before.uid);
	const log = await readLog(state, `${namespace}.${pod.name}`);
	t.is(new Set(log.match(/\[cluster-id=\d+\]/gv)).size, 1);
	t.notRegex(log, /address already in use/v);
});

test.serial('a kubelet that is started again finds the process and goes on with its volumes', async t => {
	const {leaf, old, next} = t.context;
	const before = await record();
	const all = await listProcesses(state);
	const kubelet = all.find(({command}) => command.includes('kubelet/main.ts'))!;
	process.kill(kubelet.pid, 'SIGKILL');
	startProcess({
		state, name: 'kubelet', file: process.execPath, args: [path.join(import.meta.dirname, '../sandbox/kubelet/main.ts'), state],
	});
	await mount(t.context, leaf.next, next.cert + old.cert);
	const {pid} = await record();
	t.is(pid, before.pid);
});

test.serial('kubectl logs and port-forward reach the process', async t => {
	const {sandbox, clients} = t.context;
	const {kubectl} = sandbox.programs;
	const env = {KUBECONFIG: statePaths(state).kubeconfig};
	const {stdout} = await execa(kubectl, ['logs', '-n', namespace, pod.name, '--tail=5'], {env});
	t.is(stdout.split('\n').length, 5);

	const forward = execa(kubectl, ['port-forward', '-n', namespace, `pod/${pod.name}`, ':2379'], {env, reject: false});
	t.teardown(() => forward.kill());
	const [line] = await once(forward.stdout, 'data') as [Uint8Array];
	const port = /127\.0\.0\.1:(?<port>\d+)/v.exec(String(line))?.groups?.port;

	t.like(await attemptUntilKnown('127.0.0.1', Number(port), clients.canary), {verdict: 'accepted'});
});

test.serial('when the StatefulSet goes, the process ends and its volumes are removed', async t => {
	const {kube} = t.context;
	const last = await record();
	await kube.remove(resources.statefulSets, {namespace, name: 'basic-pd'});
	await until('the pod has gone', async () => await see(kube) === undefined);
	t.false(await isAlive(last));
	await t.notThrowsAsync(until('the volumes have gone', async () => {
		const names = await readdir(path.dirname(path.dirname(last.volumes)));
		return !names.includes(last.uid);
	}));
});
