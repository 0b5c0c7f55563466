import tls from 'node:tls';
import type {Route, Speech} from './directions.ts';
import {type Outcome, outcomeOf} from './outcome.ts';

/** What a process presents and trusts at one moment. */
export type Identity = {context: tls.SecureContext};

export type Dialled = {outcome: Outcome; detail: string};

/** HTTP/2's connection preface with an empty SETTINGS frame: a gRPC server answers with its own SETTINGS. */
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0';

const opening: Record<Speech, {alpn: string; hello: string}> = {
	h2: {alpn: 'h2', hello: preface},
	// Every component answers this path at once, if only with 404; none asks another process for it.
	http: {alpn: 'http/1.1', hello: 'GET /status HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n'},
};

/** Milliseconds until a connection that says nothing is given up. */
const patience = 10_000;

const words = (error: NodeJS.ErrnoException): {code: string; detail: string} => {
	const code = error.code ?? error.message;
	return {code, detail: error.message.includes(code) ? error.message : `${code}: ${error.message}`};
};

export type DialOptions = {
	/** The address that the caller has, for the callee's log. */
	localAddress?: string;
	/** Whether the peer's certificate is checked, as every component does (default). */
	rejectUnauthorized?: boolean;
};

/** Whom to call: the peer's certificate must fit the name that a component would use. */
export type Callee = Pick<Route, 'to' | 'port' | 'speech'>;

/**
Makes one full mTLS handshake (no resumption) and reads until the first application bytes, or until something else ends it: with TLS 1.3
the refusal of a client's certificate arrives only after the client's handshake looks finished.
*/
export const dial = async (callee: Callee, identity: Identity, options: DialOptions = {}): Promise<Dialled> => new Promise(resolve => {
	const {to, port, speech} = callee;
	const {alpn, hello} = opening[speech];
	const socket = tls.connect({
		host: to.address,
		port,
		servername: to.servername,
		secureContext: identity.context,
		ALPNProtocols: [alpn],
		rejectUnauthorized: true,
		...options,
	});
	const finish = (dialled: Dialled): void => {
		resolve(dialled);
		socket.destroy();
	};

	const fail = (error: NodeJS.ErrnoException): void => {
		const {code, detail} = words(error);
		finish({outcome: outcomeOf(code), detail});
	};

	socket.setTimeout(patience, () => {
		finish({outcome: 'timeout', detail: `no answer within ${patience / 1000} s`});
	});
	socket.on('error', fail);
	socket.once('secureConnect', () => {
		socket.write(hello, 'latin1');
	});
	socket.once('data', (data: Uint8Array) => {
		finish({outcome: 'accepted', detail: `${data.length} bytes`});
	});
	socket.once('close', () => {
		finish({outcome: 'cut', detail: 'the connection ended without a byte'});
	});
});
