import {Buffer} from 'node:buffer';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import anyTest, {type TestFn} from 'ava';
import {execa} from 'execa';
import {down} from '../sandbox/down.ts';
import {connect, resources, type Kube} from '../sandbox/kube.ts';
import type {
	KubeObject,
	Pod,
	StatefulSet,
	TidbCluster,
} from '../sandbox/operator/types.ts';
import {stateFolder, statePaths, type Sandbox} from '../sandbox/state.ts';
import {up} from '../sandbox/up.ts';
import {
	recorded,
	recordedCluster,
	recordedServices,
	recordedSet,
} from '../unit/operator/recorded.ts';
import {bare} from './operator-bare.ts';
import {
	checkClusters,
	checkEvictions,
	checkPartitions,
	checkPods,
	checkTemplates,
} from './operator-checks.ts';
import {ofKind, recordTimeline} from './operator-timeline.ts';

const test = anyTest as TestFn<{state: string; sandbox: Sandbox; kube: Kube}>;
const root = path.join(import.meta.dirname, '../..');
const namespace = 'tidb';
const basic = {namespace, name: 'basic'};
const names = ['pd', 'tikv', 'tidb'] as const;
const secret = {namespace, name: 'basic-cluster-client-secret'};

test.before(async t => {
	const state = stateFolder(root, 'operator-test');
	const {sandbox} = await up(state, {profile: 'light'}, line => {
		t.log(line);
	});
	t.context = {state, sandbox, kube: await connect(statePaths(state).kubeconfig)};
});

test.after.always(async () => {
	await down(stateFolder(root, 'operator-test'));
});

const cluster = async (kube: Kube): Promise<TidbCluster> => (await kube.get<TidbCluster>(resources.tidbClusters, basic))!;

const until = async <T>(what: string, look: () => Promise<T | undefined | false>, limit = 60_000): Promise<T> => {
	const end = Date.now() + limit;
	while (Date.now() < end) {
		const found = await look();
		if (found !== undefined && found !== false) {
			return found;
		}

		await sleep(100);
	}

	throw new Error(`not seen within ${limit / 1000} s: ${what}`);
};

const condition = ({status}: TidbCluster): string => `${status?.conditions?.[0]?.status} ${status?.conditions?.[0]?.reason}`;

/** Patches the annotation into all three components at once. */
const restart = async (kube: Kube, value: string) => {
	const annotations = {'tidb.pingcap.com/restartedAt': value};
	await kube.patch(resources.tidbClusters, basic, {spec: {pd: {annotations}, tikv: {annotations}, tidb: {annotations}}});
};

const untilRolled = async (kube: Kube, value: string): Promise<void> => {
	await until(`all pods restarted by ${value}, and Ready`, async () => {
		const {items} = await kube.list<Pod>(resources.pods, namespace);
		const isRestarted = items.length === 8 && items.every(({metadata}) => metadata.annotations?.['tidb.pingcap.com/restartedAt'] === value);
		return isRestarted && condition(await cluster(kube)) === 'True Ready';
	}, 120_000);
};

test.serial('the StatefulSets are the recorded ones', async t => {
	for (const name of names) {
		const set = await t.context.kube.get<StatefulSet>(resources.statefulSets, {namespace, name: `basic-${name}`});
		const real = recordedSet(name);
		t.deepEqual(bare(set), bare(real));
	}
});

test.serial('the Services are the recorded ones', async t => {
	const {items} = await t.context.kube.list<KubeObject>(resources.services, namespace);
	// A list's items do not say what they are.
	const found = items.map(item => ({apiVersion: 'v1', kind: 'Service', ...item}));
	t.deepEqual(bare(found), bare(recordedServices()));
});

test.serial('the pods have the recorded labels and owners', async t => {
	for (const name of names) {
		const pod = await until(`labels of basic-${name}-0`, async () => {
			const found = await t.context.kube.get<Pod>(resources.pods, {namespace, name: `basic-${name}-0`});
			return found?.metadata.labels?.['tidb.pingcap.com/cluster-id'] !== undefined && found;
		});
		const real = recorded<Pod>(`pod-basic-${name}-0.yaml`);
		t.deepEqual(bare(pod.metadata), bare(real.metadata));
	}
});

test.serial('the TidbCluster has the recorded status, and the operator\'s defaults in its spec', async t => {
	const {spec, status} = await cluster(t.context.kube);
	const real = recordedCluster();
	t.deepEqual(bare(status), bare(real.status));
	t.false(spec.enablePVReclaim);
	t.is(spec.tidb?.config, real.spec.tidb?.config);
});

test.serial('a restart goes as recorded', async t => {
	const {kube, sandbox, state} = t.context;
	await restart(kube, 'A');
	await untilRolled(kube, 'A');
	const stop = new AbortController();
	const entries = recordTimeline(kube, namespace, stop.signal);
	await until('the lists', async () => ofKind(entries, 'pod').length === 8 && ofKind(entries, 'cluster').length === 1);
	await restart(kube, 'B');
	await until('the annotation in TiKV\'s template', async () => ofKind(entries, 'set').some(set => set.name === 'basic-tikv' && set.restartedAt === 'B'), 2000);
	// What kubectl says meanwhile is the trap: it is done, with nothing restarted (tidb-facts 3.3).
	const {stdout} = await execa(sandbox.programs.kubectl, ['--kubeconfig', statePaths(state).kubeconfig, '-n', namespace, 'rollout', 'status', 'sts/basic-tikv', '--timeout=5s']);
	t.regex(stdout, /partitioned roll out complete: 0 new pods/v);
	await untilRolled(kube, 'B');
	await sleep(500);
	stop.abort();
	checkTemplates(entries, t);
	checkPartitions(ofKind(entries, 'set'), t);
	checkPods(ofKind(entries, 'pod'), t);
	checkEvictions(ofKind(entries, 'pod'), t);
	checkClusters(ofKind(entries, 'cluster'), t);
});

test.serial('while the client certificate is refused by PD nothing rolls, and afterwards it does', async t => {
	const {kube} = t.context;
	const good = (await kube.get<KubeObject>(resources.secrets, secret))!.data!;
	const {items} = await kube.list<StatefulSet>(resources.statefulSets, namespace);
	await kube.patch(resources.secrets, secret, {data: await stranger()});
	await until('PD unhealthy', async () => {
		const {status, ...rest} = await cluster(kube);
		return status?.pd?.synced === false && condition({status, ...rest}) === 'False PDUnhealthy';
	});
	await restart(kube, 'C');
	await sleep(2000);
	const stuck = await cluster(kube);
	t.like(stuck.status, {pd: {phase: 'Upgrade', synced: false}, tikv: {phase: 'Normal'}, tidb: {phase: 'Normal'}});
	const {items: now} = await kube.list<StatefulSet>(resources.statefulSets, namespace);
	for (const [index, {metadata, spec}] of now.entries()) {
		t.is(spec.updateStrategy?.rollingUpdate?.partition, spec.replicas);
		t.true(metadata.name === 'basic-pd' || metadata.generation === items[index]?.metadata.generation, `${metadata.name} is not touched`);
	}

	await kube.patch(resources.secrets, secret, {data: good});
	await untilRolled(kube, 'C');
	t.is(condition(await cluster(kube)), 'True Ready');
});

/** A client certificate that nobody trusts, in the Secret's form. */
async function stranger(): Promise<Record<string, string>> {
	// Key and certificate come on stdout, so that no file has the key.
	const {stdout} = await execa('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', '-', '-subj', '/CN=TiDB', '-days', '1']);
	const split = stdout.indexOf('-----BEGIN CERTIFICATE');
	const encode = (text: string) => Buffer.from(`${text.trim()}\n`).toString('base64');
	return {'tls.crt': encode(stdout.slice(split)), 'tls.key': encode(stdout.slice(0, split))};
}

test.serial('a paused cluster is left alone', async t => {
	const {kube} = t.context;
	await kube.patch(resources.tidbClusters, basic, {spec: {paused: true}});
	const {items} = await kube.list<StatefulSet>(resources.statefulSets, namespace);
	await restart(kube, 'D');
	await sleep(1500);
	const {items: now} = await kube.list<StatefulSet>(resources.statefulSets, namespace);
	t.deepEqual(now.map(({metadata}) => metadata.generation), items.map(({metadata}) => metadata.generation));
	await kube.patch(resources.tidbClusters, basic, {spec: {paused: false}});
	await untilRolled(kube, 'D');
});

test.serial('a component scales by one at a time, in phase Scale', async t => {
	const {kube} = t.context;
	await kube.patch(resources.tidbClusters, basic, {spec: {tidb: {replicas: 3}}});
	await until('phase Scale', async () => {
		const {status} = await cluster(kube);
		return status?.tidb?.phase === 'Scale';
	});
	await until('three healthy TiDB', async () => {
		const found = await cluster(kube);
		return found.status?.tidb?.phase === 'Normal' && condition(found) === 'True Ready' && Object.keys(found.status.tidb.members ?? {}).length === 3;
	});
	await kube.patch(resources.tidbClusters, basic, {spec: {tidb: {replicas: 2}}});
	await until('two TiDB', async () => {
		const found = await cluster(kube);
		const {items} = await kube.list<Pod>(resources.pods, namespace);
		return condition(found) === 'True Ready' && items.length === 8 && Object.keys(found.status?.tidb?.members ?? {}).length === 2;
	});
	const set = await kube.get<StatefulSet>(resources.statefulSets, {namespace, name: 'basic-tidb'});
	t.is(set?.spec.updateStrategy?.rollingUpdate?.partition, 2);
});

test.serial('what the operator made goes with its TidbCluster', async t => {
	const {kube} = t.context;
	await kube.remove(resources.tidbClusters, basic);
	const kinds = [resources.statefulSets, resources.pods, resources.services, resources.configMaps];
	const left = async () => {
		const lists = await Promise.all(kinds.map(async kind => kube.list(kind, namespace)));
		return lists.flatMap(({items}) => items.map(({metadata}) => metadata.name)).filter(name => name.startsWith('basic'));
	};

	await until('nothing left', async () => {
		const rest = await left();
		return rest.length === 0;
	});
	t.deepEqual(await left(), []);
});
