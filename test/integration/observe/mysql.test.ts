import {Buffer} from 'node:buffer';
import {createServer, type AddressInfo} from 'node:net';
import {TLSSocket} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {shake} from '../../../src/observe/handshake.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const ca = makeCa();
const [server, client] = [makeLeaf(ca, {sans: ['basic-tidb']}), makeLeaf(ca)];

const packet = (sequence: number, body: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([body.length, 0, 0, sequence]), body]);

/** Protocol 10, version, connection id, salt and its zero byte, lower capabilities. */
const greeting = (capabilities: [number, number]): Uint8Array => {
	const parts = [[10], Buffer.from('8.0.11-TiDB-v8.5.0\0'), Buffer.alloc(4, 7), Buffer.alloc(9, 1), capabilities, Buffer.alloc(20)];
	return packet(0, Uint8Array.from(parts.flatMap(part => [...part])));
};

/** Longer than what is looked at. */
const refusal = packet(3, Buffer.from(`#28000Access denied for user ''${' and more'.repeat(10)}`));

/** A MySQL server that begins TLS when it is asked to, and refuses every login. What it is sent is kept in `asked`. */
const mysql = async (t: ExecutionContext, first: Uint8Array[]): Promise<{port: number; asked: Uint8Array[]}> => {
	const asked: Uint8Array[] = [];
	const listener = createServer(socket => {
		socket.on('error', () => undefined);
		for (const part of first) {
			socket.write(part);
		}

		socket.once('data', (request: Uint8Array) => {
			// The client's hello may come with it.
			const length = 36;
			asked.push(request.subarray(0, length));
			socket.pause();
			socket.unshift(request.subarray(length));
			const secure = new TLSSocket(socket, {
				isServer: true, cert: server.cert, key: server.key, ca: ca.cert, requestCert: true,
			});
			secure.on('error', () => undefined).once('data', (login: Uint8Array) => {
				asked.push(login);
				secure.write(refusal);
			});
		});
	});
	await new Promise<void>(resolve => {
		listener.listen(0, '127.0.0.1', resolve);
	});
	t.teardown(() => {
		listener.close();
	});
	return {port: (listener.address() as AddressInfo).port, asked};
};

const ask = async (port: number) => shake({
	host: '127.0.0.1', port, servername: 'basic-tidb', protocol: 'mysql', ...client, timeout: 10_000,
});

test('a refused login is an answer: the certificate was accepted', async t => {
	const {port, asked} = await mysql(t, [greeting([0xFF, 0xFF])]);
	const result = await ask(port);
	t.like(result, {verdict: 'accepted', detail: 'a MySQL packet'});
	t.is(result.served?.pem, server.cert);
	t.deepEqual(asked.map(request => [request.length, request[3]]), [[36, 1], [38, 2]]);
});

test('a greeting may come in pieces', async t => {
	const whole = greeting([0xFF, 0xFF]);
	const {port} = await mysql(t, [whole.subarray(0, 2), whole.subarray(2, 9), whole.subarray(9)]);
	t.like(await ask(port), {verdict: 'accepted'});
});

test('a server without TLS is neither accepted nor rejected', async t => {
	const {port} = await mysql(t, [greeting([0xFF, 0xF7])]);
	t.like(await ask(port), {verdict: 'unknown', detail: 'the port does not offer TLS in a MySQL greeting'});
});

test('a server that refuses the connection in its first packet is neither accepted nor rejected', async t => {
	const {port} = await mysql(t, [packet(0, Buffer.from([0xFF, 0x10, 0x04]))]);
	t.like(await ask(port), {verdict: 'unknown'});
});
