import {Buffer} from 'node:buffer';
import net from 'node:net';
import tls from 'node:tls';
import {beginTls, loginRequest} from '../../src/observe/mysql.ts';
import type {Place, Route, Speech} from './directions.ts';
import {type Outcome, outcomeOf} from './outcome.ts';

/** What a process presents and trusts at one moment. */
export type Identity = {context: tls.SecureContext};

export type Dialled = {outcome: Outcome; detail: string};

/** HTTP/2's connection preface with an empty SETTINGS frame: a gRPC server answers with its own SETTINGS. */
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0';

const opening: Record<Speech, {alpn?: string; hello: string | Uint8Array}> = {
	h2: {alpn: 'h2', hello: preface},
	// Every component answers this path at once, if only with 404; none asks another process for it.
	http: {alpn: 'http/1.1', hello: 'GET /status HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n'},
	// A login without a name, which every server answers.
	mysql: {hello: loginRequest()},
};

/** Milliseconds until a connection that says nothing is given up. */
const patience = 10_000;

const failure = (error: NodeJS.ErrnoException): Dialled => {
	const code = error.code ?? error.message;
	return {outcome: outcomeOf(code), detail: error.message.includes(code) ? error.message : `${code}: ${error.message}`};
};

export type DialOptions = {
	/** The address that the caller has, for the callee's log. */
	localAddress?: string;
	/** Whether the peer's certificate is checked, as every component does (default). */
	rejectUnauthorized?: boolean;
};

/** Whom to call: the peer's certificate must fit the name that a component would use. */
export type Callee = Pick<Route, 'port' | 'speech'> & {to: Omit<Place, 'namespace' | 'name'>};

type Options = {identity: Identity; options: DialOptions};

/** Begins a TLS connection. A MySQL server speaks first, in the clear. */
export const open = async ({to, port, speech}: Callee, {identity, options: {localAddress, ...checks}}: Options): Promise<tls.TLSSocket> => {
	const {alpn} = opening[speech];
	const asked = {
		servername: to.servername, secureContext: identity.context, rejectUnauthorized: true, ...(alpn !== undefined && {ALPNProtocols: [alpn]}), ...checks,
	};
	const place = {host: to.address, port, ...(localAddress !== undefined && {localAddress})};
	if (speech !== 'mysql') {
		return tls.connect({...place, ...asked});
	}

	const socket = net.connect(place);
	// Whoever waits for its bytes hears of an error; it must not end the process in between.
	socket.on('error', () => undefined);
	socket.setTimeout(patience, () => {
		socket.destroy(Object.assign(new Error('no greeting'), {code: 'TIMEOUT'}));
	});
	try {
		await beginTls(socket);
	} catch (error) {
		socket.destroy();
		// That the greeting ends early is the server's doing, as where it is just being restarted.
		throw Object.assign(error as Error, {code: (error as NodeJS.ErrnoException).code ?? 'ENDED'});
	}

	return tls.connect({socket, ...asked});
};

const talk = async (socket: tls.TLSSocket, speech: Speech): Promise<Dialled> => new Promise(resolve => {
	const finish = (dialled: Dialled): void => {
		resolve(dialled);
		socket.destroy();
	};

	socket.setTimeout(patience, () => {
		finish({outcome: 'timeout', detail: `no answer within ${patience / 1000} s`});
	});
	socket.on('error', error => {
		finish(failure(error as NodeJS.ErrnoException));
	});
	socket.once('secureConnect', () => {
		const {hello} = opening[speech];
		socket.write(typeof hello === 'string' ? Buffer.from(hello, 'latin1') : hello);
	});
	socket.once('data', (data: Uint8Array) => {
		finish({outcome: 'accepted', detail: `${data.length} bytes`});
	});
	socket.once('close', () => {
		finish({outcome: 'cut', detail: 'the connection ended without a byte'});
	});
});

/**
Makes one full handshake (no resumption) and reads until the first application bytes, or until something else ends it: with TLS 1.3
the refusal of a client's certificate arrives only after the client's handshake looks finished.
*/
export const dial = async (callee: Callee, identity: Identity, options: DialOptions = {}): Promise<Dialled> => {
	try {
		return await talk(await open(callee, {identity, options}), callee.speech);
	} catch (error) {
		return failure(error as NodeJS.ErrnoException);
	}
};
