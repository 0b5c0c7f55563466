
import {Buffer} from 'node:buffer';
import {connect as connectTcp, type Socket} from 'node:net';
import {connect as connectTls, type TLSSocket} from 'node:tls';
import type {Protocol} from '../cluster/types.ts';
import {readCertificates} from '../certificates/read.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {beginTls, isLoginReply, loginRequest} from './mysql.ts';
import type {Verdict} from './types.ts';

export type Shake = {
	host: string;
	port: number;
	/** The name a component would use. */
	servername: string;
	protocol: Protocol;
	/** PEM, as is `key`. */
	cert: string;
	key: string;
	/** Milliseconds, for all of it. */
	timeout: number;
};

export type ShakeResult = {verdict: Verdict; detail: string; served?: CertificateFacts};

/**
How long to wait, in milliseconds, before the first request. With TLS 1.3 the client's handshake looks finished before the
server has seen its certificate. A server that says no while a request lies unread resets the connection, which can lose the
alert and ends a port-forward. One that says yes sends session tickets, and the wait is over.
*/
const quiet = 200;

/** How long a connection may take to end after it was judged, in milliseconds: a reset one can end a port-forward. */
const goodbye = 250;

/** The HTTP/2 connection preface and an empty SETTINGS frame. */
const http2Preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);

type Talk = {alpn: {ALPNProtocols?: string[]}; request: (servername: string) => Uint8Array; isReply: (data: Uint8Array) => boolean; reply: string};

const talks: Record<Protocol, Talk> = {
	http: {
		alpn: {ALPNProtocols: ['http/1.1']},
		request: servername => Buffer.from(`GET / HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`),
		isReply: data => Buffer.from(data).toString('latin1', 0, 5) === 'HTTP/',
		reply: 'an HTTP reply',
	},
	h2: {
		alpn: {ALPNProtocols: ['h2']},
		request: () => http2Preface,
		// A frame of type SETTINGS (4) or GOAWAY (7).
		isReply: data => data.length >= 9 && (data[3] === 4 || data[3] === 7),
		reply: 'an HTTP/2 SETTINGS frame',
	},
	mysql: {
		alpn: {}, request: loginRequest, isReply: isLoginReply, reply: 'a MySQL packet',
	},
};

/** After so many bytes that are no reply, none will come. */
const enough = 64;

/** OpenSSL's names of the alerts by which a server says no to a client certificate (RFC 8446, 6.2). */
const certificateAlert = /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED|CERTIFICATE_REQUIRED|DECRYPT_ERROR)/v;

const servedBy = (socket: TLSSocket): CertificateFacts | undefined => {
	const pem = socket.getPeerX509Certificate()?.toString();
	return pem === undefined ? undefined : readCertificates(pem).certificates[0];
};

/** Calls `speak` when the server has had its say about the certificate, or says nothing. */
const whenReady = (socket: TLSSocket, speak: () => void): void => {
	let isSpoken = false;
	const once = (): void => {
		if (isSpoken || !socket.writable) {
			return;
		}

		isSpoken = true;
		speak();
	};

	if (socket.getProtocol() === 'TLSv1.3') {
		// What is written while OpenSSL still reads the ticket would not be sent.
		socket.once('session', () => {
			setImmediate(once);
		});
		setTimeout(once, quiet);
	} else {
		once();
	}
};

/** Listens until it can be told what the server thinks of the certificate. */
const judge = async (socket: TLSSocket, {protocol, servername}: Shake): Promise<ShakeResult> => new Promise(resolve => {
	const {request, isReply, reply} = talks[protocol];
	let served: CertificateFacts | undefined;
	let data = new Uint8Array();
	const end = (verdict: Verdict, detail: string): void => {
		resolve({verdict, detail, ...(served && {served})});
	};

	socket.once('secureConnect', () => {
		served = servedBy(socket);
		whenReady(socket, () => {
			socket.write(request(servername));
		});
	});
	socket.on('data', (chunk: Uint8Array) => {
		data = Buffer.concat([data, chunk.subarray(0, enough)]);
		if (isReply(data)) {
			end('accepted', reply);
		} else if (data.length >= enough) {
			end('unknown', `bytes that are not ${reply}`);
		}
	});
	socket.on('error', (error: NodeJS.ErrnoException & {reason?: string}) => {
		const code = error.code ?? '';
		end(certificateAlert.test(code) ? 'rejected' : 'unknown', error.reason ?? error.message);
	});
	socket.once('close', () => {
		end('unknown', 'the connection was closed without an answer');
	});
});

const part = (socket: Socket): void => {
	socket.end();
	setTimeout(() => {
		socket.destroy();
	}, goodbye);
};

/** A connection to the port on which the next thing to do is TLS; undefined where TLS is the first. */
const preamble = async ({host, port, protocol}: Shake, over: AbortSignal): Promise<Socket | undefined> => {
	if (protocol !== 'mysql') {
		return undefined;
	}

	const socket = connectTcp({host, port, signal: over});
	// Whoever waits for its bytes hears of an error; it must not end the process in between.
	socket.on('error', () => undefined);
	try {
		await beginTls(socket);
		return socket;
	} catch (error) {
		socket.destroy();
		throw error;
	}
};

/**
One full TLS handshake with a client certificate at one port, judged by design.md 5: accepted when application bytes came back,
rejected on a TLS certificate alert, else unknown. The server's certificate is captured whether or not it verifies; that is
judged apart.
@returns the verdict; it does not throw.
*/
export const shake = async (options: Shake): Promise<ShakeResult> => {
	const {host, port, servername, protocol, cert, key, timeout} = options;
	const over = AbortSignal.timeout(timeout);
	const late = {verdict: 'unknown', detail: `no answer within ${timeout / 1000} s`} as const;
	try {
		const socket = await preamble(options, over);
		// No session is given, so the handshake is a full one: a resumed session checks nothing.
		const secure = connectTls({
			...(socket ? {socket} : {host, port}), servername, cert, key, rejectUnauthorized: false, ...talks[protocol].alpn,
		});
		over.addEventListener('abort', () => {
			secure.destroy(new Error(late.detail));
		});
		try {
			return await judge(secure, options);
		} finally {
			part(secure);
		}
	} catch (error) {
		return over.aborted ? late : {verdict: 'unknown', detail: (error as Error).message};
	}
};
