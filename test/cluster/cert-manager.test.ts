import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {access} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect as dial} from 'node:tls';
import process from 'node:process';
import anyTest, {type TestFn} from 'ava';
import {execa} from 'execa';
import {type KubeObject, resources} from '../sandbox/kube.ts';
import type {Pod} from '../sandbox/operator/types.ts';
import {
	certificatesOf,
	controllerOf,
	isReady,
	startController,
	stopController,
} from './helpers/cert-manager.ts';
import {
	call,
	type Place,
	startPlace,
	stopPlace,
} from './helpers/place.ts';
import {kubectl, kubectlItems} from './helpers/product.ts';
import {root} from './helpers/sandbox.ts';
import {certificatesIn, secretsOf} from './helpers/state-of.ts';
import {until} from './helpers/until.ts';

/* One cluster of stand-ins whose certificates cert-manager issues; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'cert-manager-test';
const components = ['client', 'pd', 'tidb', 'tikv'];

test.before(async t => {
	t.context = {place: await startPlace(name, ['--profile', 'light', '--issuer', 'cert-manager'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

const secretOf = (component: string): string => component === 'client' ? 'basic-cluster-client-secret' : `basic-${component}-cluster-secret`;

/** The CA that the Issuer signs by. */
const caOf = async ({kube, namespace}: Place) => {
	const secret = await kube.get<KubeObject & {data: Record<string, string>}>(resources.secrets, {namespace, name: 'basic-ca-secret'});
	return certificatesIn(Buffer.from(secret!.data['tls.crt']!, 'base64').toString('utf8'))[0]!;
};

/** What `sandbox status` prints. */
const statusOf = async () => execa(process.execPath, ['scripts/sandbox.ts', 'status', '--name', name], {cwd: root, stdin: 'ignore', reject: false});

/** The serial of the leaf that a pod's port serves to a client with the cluster's client certificate. */
const servedSerial = async (place: Place, host: string, port: number): Promise<string> => {
	const {client} = await secretsOf(place);
	const {'tls.crt': cert, 'tls.key': key, 'ca.crt': ca} = client!.texts;
	const socket = dial({
		host, port, cert, key, ca, servername: '',
	});
	try {
		await once(socket, 'secureConnect');
		return socket.getPeerCertificate().serialNumber;
	} finally {
		socket.destroy();
	}
};

test.serial('each Secret is issued by its own Certificate, and all by the documents\' CA', async t => {
	const {place} = t.context;
	const certificates = await certificatesOf(place);
	t.deepEqual(Object.keys(certificates).toSorted(), ['basic-ca', ...components.map(component => secretOf(component))].toSorted());
	t.deepEqual(Object.values(certificates).filter(certificate => !isReady(certificate)), []);
	const ca = await caOf(place);
	const secrets = await secretsOf(place);
	t.deepEqual(Object.keys(secrets).toSorted(), components);
	for (const [component, {texts, bundle}] of Object.entries(secrets)) {
		const [leaf] = certificatesIn(texts['tls.crt']!);
		t.true(leaf!.checkIssued(ca) && leaf!.verify(ca.publicKey), component);
		t.deepEqual(bundle, [ca.fingerprint256], component);
	}

	const items = await kubectlItems(place, ['secrets', '-n', place.namespace]);
	const issued = items.filter(({metadata}) => components.map(component => secretOf(component)).includes(metadata.name));
	t.deepEqual(issued.map(({metadata}) => metadata.annotations?.['cert-manager.io/certificate-name']), issued.map(({metadata}) => metadata.name));
	t.deepEqual(new Set(issued.map(({metadata}) => metadata.annotations?.['cert-manager.io/issuer-name'])), new Set(['basic-tidb-issuer']));
});

test.serial('the pods are Ready with these certificates and serve them', async t => {
	const {place} = t.context;
	const {items: pods} = await place.kube.list<Pod>(resources.pods, place.namespace);
	t.is(pods.length, 8);
	t.deepEqual(pods.filter(({status}) => !status?.conditions?.some(({type, status: value}) => type === 'Ready' && value === 'True')), []);
	const secrets = await secretsOf(place);
	for (const [component, port] of Object.entries({pd: 2379, tikv: 20_180, tidb: 10_080})) {
		const pod = pods.find(({metadata}) => metadata.name === `basic-${component}-0`)!;
		const served = await servedSerial(place, pod.status!.podIP!, port);
		t.is(served, secrets[component]!.serial, component);
	}
});

test.serial('there is no cluster folder: who rotates takes it from the Secrets', async t => {
	await t.throwsAsync(access(t.context.place.folder), {code: 'ENOENT'});
});

test.serial('cfssl\'s certificates are refused here, for the first time and with an outage: nothing is changed', async t => {
	const {place} = t.context;
	const before = await secretsOf(place);
	for (const args of [[], ['--accept-outage']]) {
		const ran = await call('issue', place, ['--cluster', 'basic', '--namespace', place.namespace, '--yes', ...args]);
		t.is(ran.status, 3, ran.stderr);
		t.regex(ran.stderr, /cert-manager issues the certificates of basic.*Secret basic-pd-cluster-secret is cert-manager's \(Certificate basic-pd-cluster-secret names it\)/sv);
	}

	t.deepEqual(await secretsOf(place), before);
});

test.serial('a Secret that is deleted is made again, with another leaf of the same CA', async t => {
	const {place} = t.context;
	const [ca, {tikv: before}] = [await caOf(place), await secretsOf(place)];
	await kubectl(place, ['delete', 'secret', secretOf('tikv'), '-n', place.namespace]);
	const after = await until('the Secret again', async () => {
		const {tikv} = await secretsOf(place);
		return tikv;
	});
	t.not(after.serial, before!.serial);
	t.true(certificatesIn(after.texts['tls.crt']!)[0]!.verify(ca.publicKey));
	t.deepEqual(after.bundle, before!.bundle);
});

test.serial('the controller can be stopped and started: without it nothing is issued, and the rest of the sandbox goes on', async t => {
	const {place} = t.context;
	const {client: before} = await secretsOf(place);
	await stopController(place);
	t.is(await controllerOf(place), undefined);
	await kubectl(place, ['delete', 'secret', secretOf('client'), '-n', place.namespace]);
	await sleep(3000);
	const missing = await secretsOf(place);
	t.is(missing.client, undefined);
	const stopped = await statusOf();
	t.is(stopped.exitCode, 0, stopped.stderr);
	t.notRegex(stopped.stdout, /^\d+ +cert-manager-controller/mv);

	await startController(place);
	const after = await until('the Secret again', async () => {
		const {client} = await secretsOf(place);
		return client;
	});
	t.not(after.serial, before!.serial);
	const {stdout} = await statusOf();
	t.regex(stdout, /, certificates by cert-manager, /v);
	t.regex(stdout, /^\d+ +cert-manager-controller/mv);
});
