import {createServer as createHttps} from 'node:https';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {forward, steadyForward} from '../../../src/observe/forward.ts';
import {shakeAll} from '../../../src/observe/shake-all.ts';
import {type Alerting, alertingServer} from '../../helpers/alerting-server.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';
import {programOnPath} from '../../helpers/program-on-path.ts';

const [ca, strangeCa] = [makeCa(), makeCa()];
const server = makeLeaf(ca, {sans: ['pod']});
const [client, control] = [makeLeaf(ca), makeLeaf(strangeCa)];

/**
Forwards as kubectl does, to the ports that TARGETS gives for those of the pod. Each `kubectl` dies as a real one does when a
connection is reset, after the number of connections that LIVES holds for it.
*/
const kubectl = String.raw`
import {connect, createServer} from 'node:net';
import {appendFileSync, readFileSync} from 'node:fs';
const targets = JSON.parse(process.env.TARGETS);
const life = JSON.parse(process.env.LIVES ?? '[]');
const record = process.argv[1] + '.record';
appendFileSync(record, 'started\n');
const before = readFileSync(record, 'utf8').split('\n').length - 2;
let connections = 0;
for (const word of process.argv.slice(2).filter(word => word.startsWith(':'))) {
	const port = Number(word.slice(1));
	if (!(port in targets)) {
		console.error('error: unable to forward port because pod is not running. Current status=Pending');
		process.exit(1);
	}
	const listener = createServer(socket => {
		console.log('Handling connection for ' + port);
		if (++connections > (life[before] ?? Infinity)) {
			console.error('error: lost connection to pod');
			process.exit(1);
		}
		const other = connect(targets[port], '127.0.0.1');
		socket.on('error', () => other.destroy());
		other.on('error', () => socket.destroy());
		socket.pipe(other).pipe(socket);
	});
	listener.listen(0, '127.0.0.1', () => {
		console.log('Forwarding from 127.0.0.1:' + listener.address().port + ' -> ' + port);
		console.log('Forwarding from [::1]:1 -> ' + port);
	});
}
`;

const own = {namespace: 'tidb', pod: 'basic-pd-0'};

const kubectlTo = (t: ExecutionContext, targets: Record<number, number>, more: Record<string, string> = {}): Record<string, string> => ({
	...programOnPath(t, 'kubectl', kubectl), TARGETS: JSON.stringify(targets), ...more,
});

const http = async (t: ExecutionContext): Promise<number> => {
	const listener = createHttps({
		cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true,
	}, (_request, response) => {
		response.end('hello');
	}).on('tlsClientError', () => undefined);
	await new Promise<void>(resolve => {
		listener.listen(0, '127.0.0.1', resolve);
	});
	t.teardown(() => {
		listener.closeAllConnections();
		listener.close();
	});
	return (listener.address() as AddressInfo).port;
};

const target = (...ports: number[]) => ({
	...own, component: 'pd' as const, servername: 'pod', ports: ports.map(port => ({port, protocol: 'http' as const, use: 'client'})),
});

test('one kubectl forwards all ports of a pod, and ends when it is stopped', async t => {
	const port = await http(t);
	const env = kubectlTo(t, {2379: port, 2380: port});
	const opened = await forward({...own, ports: [2379, 2380], env});
	t.is(opened.local(2379).host, '127.0.0.1');
	t.not(opened.local(2379).port, opened.local(2380).port);
	t.true(opened.alive());
	await opened.stop();
	t.false(opened.alive());
});

test('a forward that does not start is told in kubectl\'s words', async t => {
	await t.throwsAsync(forward({...own, ports: [2379], env: kubectlTo(t, {})}), {message: /^kubectl port-forward to basic-pd-0 did not start: error: unable to forward port/v});
});

test('a kubectl that is missing is told', async t => {
	await t.throwsAsync(forward({...own, ports: [2379], env: {PATH: '/nowhere'}}), {message: /kubectl was not found/v});
});

test('a stopped forward is not a lost one', async t => {
	const steady = steadyForward({...own, ports: [2379], env: kubectlTo(t, {2379: await http(t)})});
	await steady.local(2379);
	await steady.stop();
	t.is(steady.lost(), 0);
});

test('every certificate is tried at every port of every pod', async t => {
	const options: Alerting = {
		server, bundle: [ca], version: 'TLSv1.3', protocol: 'http',
	};
	const [one, other] = [await alertingServer(t, options), await alertingServer(t, options)];
	const env = kubectlTo(t, {2379: one, 2380: other});
	const {handshakes, forwardsLost} = await shakeAll({
		targets: [target(2379, 2380), {...target(2379), pod: 'basic-pd-1'}], pairs: [['present', client], ['control', control]], env,
	});
	t.is(forwardsLost, 0);
	const found = handshakes.map(({pod, port, present, verdict, attempts}) => [pod, port, present, verdict, attempts].join(' '));
	t.deepEqual(found.toSorted(), [
		'basic-pd-0 2379 control rejected 1',
		'basic-pd-0 2379 present accepted 1',
		'basic-pd-0 2380 control rejected 1',
		'basic-pd-0 2380 present accepted 1',
		'basic-pd-1 2379 control rejected 1',
		'basic-pd-1 2379 present accepted 1',
	]);
	t.true(handshakes.every(({served}) => served?.pem === server.cert));
});

test('a forwarder that dies is started again, counted apart, and is no attempt', async t => {
	const env = kubectlTo(t, {2379: await http(t)}, {LIVES: '[0, 1]'});
	const {handshakes, forwardsLost} = await shakeAll({targets: [target(2379)], pairs: [['present', client], ['old', client]], env});
	t.is(forwardsLost, 2);
	t.deepEqual(handshakes.map(({verdict, attempts, lost}) => ({verdict, attempts, lost})), [{verdict: 'accepted', attempts: 1, lost: 1}, {verdict: 'accepted', attempts: 1, lost: 1}]);
});

test('what stays unknown is tried four times, then reported', async t => {
	const env = kubectlTo(t, {2379: await http(t)});
	const {handshakes} = await shakeAll({targets: [target(2379)], pairs: [['control', control]], env});
	t.like(handshakes[0], {verdict: 'unknown', attempts: 4});
});

test('a pod that cannot be reached is unknown everywhere, and not asked again for each certificate', async t => {
	const env = kubectlTo(t, {});
	const {handshakes} = await shakeAll({targets: [target(2379, 2380)], pairs: [['present', client], ['control', control]], env});
	t.deepEqual(handshakes.map(({verdict, attempts}) => `${verdict} ${attempts}`), ['unknown 4', 'unknown 0', 'unknown 0', 'unknown 0']);
	t.regex(handshakes[3]!.detail, /pod is not running/v);
});
