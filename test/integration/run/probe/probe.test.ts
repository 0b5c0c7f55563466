import {type AddressInfo, createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {readCertificates} from '../../../../src/certificates/read.ts';
import type {CertificateFacts} from '../../../../src/certificates/types.ts';
import type {ClientMaterial} from '../../../../src/observe/client-secret.ts';
import type {ForwardOptions, SteadyForward} from '../../../../src/observe/forward.ts';
import type {Observation} from '../../../../src/observe/types.ts';
import type {Alarm} from '../../../../src/run/probe/alarm.ts';
import {startProbe} from '../../../../src/run/probe/probe.ts';
import {alertingServer} from '../../../helpers/alerting-server.ts';
import {makeCa, makeLeaf} from '../../../helpers/pki.ts';
import {cluster, makeMaterial, observationOf} from '../../../helpers/observation.ts';

const [ca, strangeCa] = [makeCa(), makeCa()];
const [server, client, strange] = [makeLeaf(ca, {sans: ['pod']}), makeLeaf(ca), makeLeaf(strangeCa)];
const [bundle, strangeBundle] = [ca, strangeCa].map(({cert}) => readCertificates(cert).certificates) as [CertificateFacts[], CertificateFacts[]];
const resting = observationOf(makeMaterial());
const onePod: Observation = {...resting, pods: resting.pods.filter(({name}) => name === 'basic-tidb-0')};

/** A forward that leads to a port of this machine, or that cannot be started. */
const leadsTo = (port: number | undefined, onAsked: () => void): SteadyForward => ({
	async local() {
		onAsked();
		if (port === undefined) {
			throw new Error('kubectl port-forward to basic-tidb-0 did not start: pod is not running');
		}

		return {host: '127.0.0.1', port};
	},
	lost: () => 0,
	stop: async () => undefined,
});

type Seen = {
	alarms: Alarm[];
	opened: ForwardOptions[];
	/** Connections that were begun. */
	begun: number;
};

type Wish = {
	/** Reads the client Secret, for the time of that number. */
	read?: (reading: number) => ClientMaterial;
	/** How many forwards have died by now. */
	lost?: () => number;
	observation?: Observation;
	/** When it is stopped; when a fifth connection was begun, if it is not given. */
	until?: (seen: Seen) => boolean;
};

const present: ClientMaterial = {cert: client.cert, key: client.key, bundle};

/** Probes TiDB's status port for a while, and gives what it counted. */
const probed = async (t: ExecutionContext, port: number | undefined, {read = () => present, lost = () => 0, observation = onePod, until = ({begun}) => begun >= 5}: Wish = {}) => {
	const seen: Seen = {alarms: [], opened: [], begun: 0};
	let readings = 0;
	const probe = startProbe({
		access: {env: {}},
		cluster,
		interval: 10,
		latest: () => observation,
		onAlarm(alarm) {
			seen.alarms.push(alarm);
		},
	}, {
		read: async () => read(++readings),
		open(options) {
			seen.opened.push(options);
			const link = leadsTo(port, () => {
				seen.begun++;
			});
			return {...link, lost};
		},
	});
	while (!until(seen)) {
		await sleep(10);
	}

	const {targets} = await probe.stop();
	t.true(seen.opened.every(({signal}) => signal?.aborted), 'the forwards are told to end');
	return {...seen, targets};
};

const page = async (t: ExecutionContext, trusted = ca): Promise<number> => alertingServer(t, {
	server, bundle: [trusted], version: 'TLSv1.3', protocol: 'http',
});

const freePort = async (): Promise<number> => {
	const listener = createServer();
	await new Promise<void>(resolve => {
		listener.listen(0, '127.0.0.1', resolve);
	});
	const {port} = listener.address() as AddressInfo;
	await new Promise(resolve => {
		listener.close(resolve);
	});
	return port;
};

test('a port that takes the client\'s leaf and serves a trusted one is accepted each time', async t => {
	const {targets, alarms} = await probed(t, await page(t));
	t.deepEqual(alarms, []);
	t.is(targets.length, 1, 'the MySQL port is left out');
	t.like(targets[0], {
		pod: 'basic-tidb-0', component: 'tidb', port: 10_080, certificateFailures: 0, otherFailures: 0,
	});
	t.true(targets[0]!.accepted >= 4);
	t.is(targets[0]!.accepted, targets[0]!.attempts);
});

for (const [title, trusted, material, words] of [
	['a server that does not trust the client\'s leaf', strangeCa, present, /^it refused the client Secret's leaf: .*unknown ca/v],
	['a server whose leaf the bundle does not verify', ca, {...present, bundle: strangeBundle}, /^the leaf that it serves is not trusted/v],
] as const) {
	test(`${title} alarms once, at the third failure`, async t => {
		const {targets, alarms} = await probed(t, await page(t, trusted), {read: () => material});
		t.is(alarms.length, 1);
		t.like(alarms[0], {pod: 'basic-tidb-0', port: 10_080});
		t.regex(alarms[0]!.words, words);
		t.true(targets[0]!.certificateFailures >= 4);
		t.is(targets[0]!.accepted, 0);
	});
}

test('what the Secret holds is read again all the time', async t => {
	const {targets} = await probed(t, await page(t), {
		read: reading => reading === 1 ? {...present, cert: strange.cert, key: strange.key} : present,
	});
	t.true(targets[0]!.accepted > 0);
});

test('a port where nobody listens is another failure, and no alarm', async t => {
	const {targets, alarms} = await probed(t, await freePort());
	t.true(targets[0]!.otherFailures >= 4);
	t.like(targets[0], {accepted: 0, certificateFailures: 0, forwardsLost: 0});
	t.deepEqual(alarms, []);
});

test('a connection over which the forwarder died is no attempt, but a lost forward of that port', async t => {
	let lost = 0;
	const {targets} = await probed(t, await freePort(), {lost: () => ++lost});
	t.like(targets[0], {attempts: 0, otherFailures: 0});
	t.true(targets[0]!.forwardsLost >= 3);
});

test('a pod that cannot be reached is no attempt', async t => {
	const {targets, alarms} = await probed(t, undefined);
	t.like(targets[0], {attempts: 0, otherFailures: 0});
	t.deepEqual(alarms, []);
});

test('a Secret that cannot be read is no attempt', async t => {
	let readings = 0;
	const {targets, alarms} = await probed(t, await page(t), {
		read(reading) {
			readings = reading;
			throw new Error('the API server is away');
		},
		until: () => readings >= 3,
	});
	t.like(targets[0], {attempts: 0, otherFailures: 0});
	t.deepEqual(alarms, []);
});

test('every TLS port of every pod has a row, and every pod one forward for all its ports', async t => {
	const {targets, opened} = await probed(t, undefined, {observation: resting, until: ({opened: found}) => found.length >= 8});
	t.deepEqual(opened.map(({pod, ports}) => `${pod} ${ports.join(' ')}`).toSorted(), [
		...[0, 1, 2].map(ordinal => `basic-pd-${ordinal} 2379 2380`),
		...[0, 1].map(ordinal => `basic-tidb-${ordinal} 10080`),
		...[0, 1, 2].map(ordinal => `basic-tikv-${ordinal} 20160 20180`),
	]);
	t.is(targets.length, 14);
});
