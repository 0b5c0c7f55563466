import {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {dryRunSchema} from '../../src/render/dry-run-schema.ts';
import type {KubeObject} from '../sandbox/kube.ts';
import {leaves} from './helpers/accident.ts';
import {kubeconfigWith} from './helpers/bad-access.ts';
import {writeHolder} from './helpers/holders.ts';
import {
	call,
	type Ended,
	type Place,
	startPlace,
	stopPlace,
} from './helpers/place.ts';
import {few} from './helpers/sandbox.ts';
import {certificatesIn, secretsOf} from './helpers/state-of.ts';
import {until} from './helpers/until.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'consumers-test';
const copy = 'Secret/monitoring/tidb-ca';
const settings = 'ConfigMap/apps/tidb';
const client = 'Secret/apps/tidb-client';
const monitor = 'Secret/tidb/tidbmonitor-basic-tls-assets';

test.before(async t => {
	const place = await startPlace(name, few);
	t.context = {place};
	const texts = await clientTexts(place);
	await writeHolder(place, copy, {'ca.crt': texts['ca.crt']!});
	await writeHolder(place, settings, {'client.toml': `ca = '''\n${texts['ca.crt']!}'''\n`});
	await writeMonitor(place);
	await writeCronJob(place);
});

test.after.always(async () => {
	await stopPlace(name);
});

/** A workload of somebody's that mounts the cluster's own client Secret; it is suspended, so that nothing of it runs. */
const writeCronJob = async ({kube, namespace}: Place): Promise<void> => {
	const pod = {restartPolicy: 'Never', containers: [{name: 'job', image: 'job'}], volumes: [{name: 'tls', secret: {secretName: 'basic-cluster-client-secret'}}]};
	await kube.create({base: '/apis/batch/v1', plural: 'cronjobs'}, {
		apiVersion: 'batch/v1', kind: 'CronJob', metadata: {namespace, name: 'report'}, spec: {schedule: '0 0 1 1 *', suspend: true, jobTemplate: {spec: {template: {spec: pod}}}},
	} as KubeObject);
};

/** A kubeconfig of a user who may do everything in the cluster's namespace, and nothing elsewhere. */
const limitedUser = async (place: Place): Promise<Record<string, string>> => {
	const {kube, namespace} = place;
	const base = '/apis/rbac.authorization.k8s.io/v1';
	await kube.create({base, plural: 'roles'}, {metadata: {namespace, name: 'limited'}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]} as KubeObject);
	await kube.create({base, plural: 'rolebindings'}, {
		metadata: {namespace, name: 'limited'},
		roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'limited'},
		subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'limited'}],
	} as KubeObject);
	const {env = {}} = await kubeconfigWith(place, ({users}) => {
		users[0]!.user.as = 'limited';
	});
	return env;
};

const clientTexts = async (place: Place): Promise<Record<string, string>> => {
	const secrets = await secretsOf(place);
	return secrets.client!.texts;
};

/** What the operator does for a TidbMonitor at its next look. */
const writeMonitor = async (place: Place): Promise<void> => {
	const texts = await clientTexts(place);
	await writeHolder(place, monitor, Object.fromEntries(Object.entries(texts).map(([key, text]) => [`secret_tidb_basic-cluster-client-secret_${key}`, text])));
};

const rotate = async (t: ExecutionContext<{place: Place}>, args: string[], status: number): Promise<Ended> => {
	const ended = await call('rotate', t.context.place, ['--cluster', 'basic', '--yes', ...args]);
	t.is(ended.status, status, `${ended.stdout}\n${ended.stderr}`);
	return ended;
};

const inFolder = async ({folder}: Place, file: string): Promise<string> => readFile(path.join(folder, file), 'utf8');

type Event = {event: string; step?: string; by?: string; consumers?: Array<{name: string}>};

const journal = async (place: Place): Promise<Event[]> => {
	const text = await inFolder(place, 'journal.ndjson').catch(() => '');
	return text.split('\n').filter(Boolean).map(line => JSON.parse(line) as Event);
};

/** Plays the operator, a while after the run has begun to wait for the copy; gives what the Secrets' bundles and leaves were at that moment. */
const copyLate = async (place: Place, step: string): Promise<{cas: number; leaf: string}> => {
	const before = await journal(place);
	await until(`the run waits in ${step}`, async () => {
		const events = await journal(place);
		return events.slice(before.length).some(one => one.event === 'begin' && one.step === step);
	}, 120_000);
	await sleep(3000);
	const {client: seen} = await secretsOf(place);
	await writeMonitor(place);
	return {cas: seen!.bundle.length, leaf: seen!.serial};
};

test.serial('the dry run lists everybody who holds the CA, who looks after it, and what it needs before which phase', async t => {
	const {stdout} = await rotate(t, ['--dry-run', '--output', 'json'], 0);
	const {consumers, unread} = dryRunSchema.parse(JSON.parse(stdout));
	t.deepEqual(unread, []);
	t.is(consumers.filter(({who}) => who === 'tool').length, 4);
	t.deepEqual(consumers.filter(({who}) => who !== 'tool').map(({name: id, who, holds, todo}) => [id, who, holds.length, todo.length]), [
		[copy, 'you', 1, 1],
		[monitor, 'operator', 2, 1],
		[settings, 'you', 1, 1],
		['CronJob/tidb/report', 'you', 1, 1],
	]);
});

test.serial('a user who may not look into other namespaces is told that nobody did', async t => {
	const {place} = t.context;
	const ended = await call('rotate', place, ['--cluster', 'basic', '--namespace', place.namespace, '--dry-run', '--output', 'json'], {env: await limitedUser(place)});
	t.is(ended.status, 0, ended.stderr);
	const {consumers, unread} = dryRunSchema.parse(JSON.parse(ended.stdout));
	t.deepEqual(unread, ['the secrets of namespaces other than tidb', 'the configmaps of namespaces other than tidb']);
	t.deepEqual(consumers.filter(({who}) => who !== 'tool').map(({name: id}) => id), [monitor, 'CronJob/tidb/report']);
});

test.serial('a name that nobody has is wrong usage, with the one that was probably meant', async t => {
	const {stderr} = await rotate(t, ['--i-have-handled', 'monitoring/tidb-cs'], 2);
	t.regex(stderr, /did you mean "monitoring\/tidb-ca"\?/v);
});

test.serial('copies of the CA in another namespace are named before the first write, and stop the run before reissue', async t => {
	const {place} = t.context;
	const before = await leaves(place);
	const {stderr} = await rotate(t, [], 1);
	const listed = stderr.indexOf('yours to do');
	t.true(listed > 0 && listed < stderr.indexOf('\nphase trust', listed), `it said: ${stderr}`);
	const gate = stderr.slice(stderr.lastIndexOf('the gate before'));
	t.true(gate.includes(`${copy} (ca.crt) trusts the old CA and not the new one`), `it said: ${gate}`);
	t.true(gate.includes(settings), `it said: ${gate}`);
	t.false(gate.includes(monitor), `it said: ${gate}`);
	t.deepEqual(await leaves(place), before);
});

test.serial('asked again, the run is refused before it changes anything', async t => {
	const before = await leaves(t.context.place);
	const {stderr} = await rotate(t, [], 3);
	t.true(stderr.includes(copy) && stderr.includes(settings), `it said: ${stderr}`);
	t.deepEqual(await leaves(t.context.place), before);
});

test.serial('with the new CA in the Secret, the ConfigMap answered for by name, and the operator\'s copy late, it waits and goes on; the answer is recorded', async t => {
	const {place} = t.context;
	const {client: before} = await secretsOf(place);
	await writeHolder(place, copy, {'ca.crt': await inFolder(place, 'ca.pem')});
	const [{stderr}, then] = await Promise.all([rotate(t, ['--i-have-handled', 'apps/tidb'], 0), copyLate(place, 'reissue.consumers')]);
	t.true(stderr.includes(`… ${monitor}`), `it said: ${stderr}`);
	t.is(then.leaf, before!.serial, 'no leaf was written before the copy was there');
	const events = await journal(place);
	const acknowledged = events.filter(({event}) => event === 'acknowledged');
	t.deepEqual(acknowledged.map(({consumers}) => consumers?.map(consumer => consumer.name)), [[settings]]);
	t.regex(acknowledged[0]!.by!, /.@./v);
	const {client: after} = await secretsOf(place);
	t.not(after!.serial, before!.serial);
});

test.serial('retire is refused while somebody holds a leaf of the old CA', async t => {
	const {place} = t.context;
	const old = await inFolder(place, 'ca.old.pem');
	// The operator has not copied the new leaf: it holds the old one still.
	const texts = await clientTexts(place);
	const kept = await place.kube.get<{metadata: {name: string}; data: Record<string, string>}>({base: '/api/v1', plural: 'secrets'}, {namespace: 'tidb', name: 'tidbmonitor-basic-tls-assets'});
	const leaf = Buffer.from(kept!.data['secret_tidb_basic-cluster-client-secret_tls.crt']!, 'base64').toString('utf8');
	t.not(leaf, texts['tls.crt']);
	await writeHolder(place, settings, {'ca.pem': await inFolder(place, 'ca.pem')});
	await writeHolder(place, client, {'ca.crt': await inFolder(place, 'ca.pem'), 'tls.crt': leaf});
	const {stderr} = await rotate(t, ['--retire-old-ca'], 3);
	t.regex(stderr, new RegExp(String.raw`${client} \(.*tls\.crt.*\) holds a leaf of the old CA`, 'v'));
	t.false(stderr.includes(copy), `it said: ${stderr}`);
	const {client: now} = await secretsOf(place);
	t.true(certificatesIn(now!.texts['ca.crt']!).length === 2 && now!.texts['ca.crt']!.includes(old.trim()));
});

test.serial('when it has a new one, retire waits for the operator\'s copy, and ends', async t => {
	const {place} = t.context;
	const texts = await clientTexts(place);
	await writeHolder(place, client, {'ca.crt': texts['ca.crt']!, 'tls.crt': texts['tls.crt']!});
	const [{stderr}, then] = await Promise.all([rotate(t, ['--retire-old-ca'], 0), copyLate(place, 'retire.consumers')]);
	t.true(stderr.includes(`… ${monitor}`), `it said: ${stderr}`);
	t.is(then.cas, 2, 'the old CA was still there when the copy came');
	const {client: now} = await secretsOf(place);
	t.is(now!.bundle.length, 1);
});
