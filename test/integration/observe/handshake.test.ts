import {createServer as createHttps} from 'node:https';
import {createSecureServer} from 'node:http2';
import {createServer as createTcp, type AddressInfo, type Server} from 'node:net';
import {createServer as createTls, type TlsOptions, type TLSSocket} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {shake, type ShakeResult} from '../../../src/observe/handshake.ts';
import type {Protocol} from '../../../src/cluster/types.ts';
import {type Alerting, alertingServer} from '../../helpers/alerting-server.ts';
import {type Pair, makeCa, makeLeaf} from '../../helpers/pki.ts';

/* The tables of what real components do: which client certificates they take, and how they say no. */

const [oldCa, newCa, strangeCa] = [makeCa(), makeCa(), makeCa()];
const server = makeLeaf(oldCa, {sans: ['basic-pd-0.basic-pd-peer.tidb.svc']});
const clients = {
	present: makeLeaf(oldCa, {usages: ['client auth']}),
	canary: makeLeaf(newCa, {usages: ['client auth']}),
	control: makeLeaf(strangeCa, {usages: ['client auth']}),
	expired: makeLeaf(oldCa, {begins: -400, ends: -30}),
};

const host = '127.0.0.1';

const listen = async (t: ExecutionContext, listener: Server): Promise<number> => {
	const sockets = new Set<{destroy: () => void}>();
	listener.on('connection', socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	await new Promise<void>(resolve => {
		listener.listen(0, host, resolve);
	});
	t.teardown(async () => {
		for (const socket of sockets) {
			socket.destroy();
		}

		await new Promise(resolve => {
			listener.close(resolve);
		});
	});
	return (listener.address() as AddressInfo).port;
};

const ask = async (port: number, protocol: Protocol, {cert, key}: Pair, timeout = 5000): Promise<ShakeResult> => shake({
	host, port, servername: 'basic-pd-0.basic-pd-peer.tidb.svc', protocol, cert, key, timeout,
});

const verdicts = async (port: number, protocol: Protocol): Promise<string[]> => {
	const found: string[] = [];
	for (const client of [clients.present, clients.canary, clients.control]) {
		const {verdict} = await ask(port, protocol, client);
		found.push(verdict);
	}

	return found;
};

type Version = 'TLSv1.2' | 'TLSv1.3';

const tls = (bundle: Pair[], version: Version = 'TLSv1.3'): TlsOptions => ({
	cert: server.cert, key: server.key, ca: bundle.map(({cert}) => cert), requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version,
});

const http = (options: TlsOptions) => createHttps(options, (_request, response) => {
	response.writeHead(404).end('not here');
}).on('tlsClientError', () => undefined);

const h2 = (options: TlsOptions) => createSecureServer(options).on('sessionError', () => undefined);

const bundles: Array<[title: string, bundle: Pair[], verdicts: string[]]> = [
	['the old CA', [oldCa], ['accepted', 'rejected', 'rejected']],
	['old and new CA', [newCa, oldCa], ['accepted', 'accepted', 'rejected']],
	['the new CA', [newCa], ['rejected', 'accepted', 'rejected']],
];
for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
	for (const [title, bundle, expected] of bundles) {
		test(`HTTP over ${version} with ${title}: present, canary and control are ${expected.join(', ')}`, async t => {
			const port = await alertingServer(t, {
				server, bundle, version, protocol: 'http',
			});
			t.deepEqual(await verdicts(port, 'http'), expected);
		});
	}

	test(`HTTP/2 over ${version}: the present is accepted, the control rejected`, async t => {
		const options: Alerting = {
			server, bundle: [oldCa], version, protocol: 'h2',
		};
		const [accepted, rejected] = await Promise.all(['present', 'control'].map(async name => ask(await alertingServer(t, options), 'h2', clients[name as keyof typeof clients])));
		t.like(accepted, {verdict: 'accepted', detail: 'an HTTP/2 SETTINGS frame'});
		t.is(rejected!.verdict, 'rejected');
	});

	test(`over ${version} the alert is told, and the served certificate is seen, whoever signed it`, async t => {
		const port = await alertingServer(t, {
			server, bundle: [oldCa], version, protocol: 'http',
		});
		const expired = await ask(port, 'http', clients.expired);
		t.regex(expired.detail, /certificate expired/v);
		const strange = await ask(port, 'http', clients.control);
		t.regex(strange.detail, /unknown ca/v);
		const {served} = await ask(port, 'http', clients.present);
		t.is(served?.pem, server.cert);
	});
}

test('with TLS 1.3 the served certificate is seen also by a client that is rejected', async t => {
	const port = await alertingServer(t, {
		server, bundle: [newCa], version: 'TLSv1.3', protocol: 'http',
	});
	const result = await ask(port, 'http', clients.present);
	t.is(result.verdict, 'rejected');
	t.is(result.served?.pem, server.cert);
});

test('an HTTP/2 server is asked by ALPN', async t => {
	const port = await listen(t, h2(tls([oldCa])));
	t.like(await ask(port, 'h2', clients.present), {verdict: 'accepted', detail: 'an HTTP/2 SETTINGS frame'});
});

test('a port that asks for no client certificate accepts all', async t => {
	const port = await listen(t, http({cert: server.cert, key: server.key}));
	t.deepEqual(await verdicts(port, 'http'), ['accepted', 'accepted', 'accepted']);
});

test('an error of HTTP is an answer', async t => {
	const port = await listen(t, createHttps(tls([oldCa]), (_request, response) => {
		response.writeHead(403).end();
	}));
	t.like(await ask(port, 'http', clients.present), {verdict: 'accepted', detail: 'an HTTP reply'});
});

test('every handshake is a full one', async t => {
	const seen: boolean[] = [];
	const listener = http(tls([oldCa])).on('secureConnection', (socket: TLSSocket) => {
		seen.push(socket.isSessionReused());
	});
	const port = await listen(t, listener);
	await ask(port, 'http', clients.present);
	await ask(port, 'http', clients.present);
	t.deepEqual(seen, [false, false]);
});

test('the server is told the name that a component would use', async t => {
	const names: unknown[] = [];
	const listener = http(tls([oldCa])).on('secureConnection', (socket: TLSSocket & {servername?: unknown}) => {
		names.push(socket.servername);
	});
	await ask(await listen(t, listener), 'http', clients.present);
	t.deepEqual(names, ['basic-pd-0.basic-pd-peer.tidb.svc']);
});

const unknowns: Array<[title: string, make: () => Server, protocol: Protocol, words: RegExp]> = [
	['a reset connection', () => createTcp(socket => {
		socket.once('data', () => {
			socket.resetAndDestroy();
		});
	}), 'http', /ECONNRESET/v],
	['a server that closes the connection after the handshake, without an alert', () => http(tls([newCa])), 'http', /ECONNRESET|closed without an answer/v],
	['a connection reset after the handshake', () => createTls(tls([oldCa]), socket => {
		socket.once('data', () => {
			socket.destroy();
		});
	}), 'http', /ECONNRESET|closed without an answer/v],
	['a server that closes at once', () => createTcp(socket => {
		socket.end();
	}), 'http', /disconnected before|ECONNRESET|closed/v],
	['a server that says nothing', () => createTcp(() => undefined), 'http', /^no answer within 0\.5 s$/v],
	['a server that says nothing after the handshake', () => createTls(tls([oldCa]), () => undefined), 'http', /^no answer within 0\.5 s$/v],
	['a server that speaks no TLS', () => createTcp(socket => {
		socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
	}), 'http', /wrong version number/v],
	['an HTTP server where HTTP/2 is asked for', () => http(tls([oldCa])), 'h2', /no application protocol|not an HTTP\/2|closed/v],
	['a MySQL port that says nothing', () => createTcp(() => undefined), 'mysql', /^no answer within 0\.5 s$/v],
	['a port that is no MySQL', () => createTcp(socket => {
		socket.end('SSH-2.0-OpenSSH\r\n');
	}), 'mysql', /closed before a greeting|does not offer TLS/v],
];
for (const [title, make, protocol, words] of unknowns) {
	test(`is neither accepted nor rejected: ${title}`, async t => {
		const result = await ask(await listen(t, make()), protocol, clients.present, words.source.includes('no answer') ? 500 : 10_000);
		t.is(result.verdict, 'unknown');
		t.regex(result.detail, words);
	});
}

test('is neither accepted nor rejected: a port where nobody listens', async t => {
	const listener = createTcp();
	await new Promise<void>(resolve => {
		listener.listen(0, host, resolve);
	});
	const {port} = listener.address() as AddressInfo;
	await new Promise(resolve => {
		listener.close(resolve);
	});
	for (const protocol of ['http', 'mysql'] as const) {
		t.like(await ask(port, protocol, clients.present), {verdict: 'unknown'});
	}
});

test('a key that does not fit its certificate is told, not thrown', async t => {
	const port = await listen(t, http(tls([oldCa])));
	t.like(await ask(port, 'http', {cert: clients.present.cert, key: clients.canary.key}), {verdict: 'unknown'});
});
