import {Buffer} from 'node:buffer';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import type {Made} from './certificates.ts';

export type Alerting = {
	server: Made;
	/** The CAs whose clients it takes. */
	bundle: Made[];
	version: 'TLSv1.2' | 'TLSv1.3';
	/** HTTP is answered by a page; with HTTP/2, one connection gets a SETTINGS frame. */
	protocol: 'http' | 'h2';
};

/** An empty SETTINGS frame, as an HTTP/2 server begins. */
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/**
A server that says no to a client certificate by a TLS alert, as Go's and BoringSSL's do, for one test. Node's own servers close
the connection without one.
@returns the port on 127.0.0.1.
*/
export const alertingServer = async (t: ExecutionContext, {server, bundle, version, protocol}: Alerting): Promise<number> => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	const file = (name: string, text: string): string => {
		writeFileSync(path.join(folder, name), text, {mode: 0o600});
		return path.join(folder, name);
	};

	const arguments_ = [
		's_server',
		'-accept',
		'127.0.0.1:0',
		'-cert',
		file('cert.pem', server.cert),
		'-key',
		file('key.pem', server.key),
		'-CAfile',
		file('ca.pem', bundle.map(({cert}) => cert).join('')),
		'-Verify',
		'1',
		'-verify_return_error',
		version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3',
		...(protocol === 'h2' ? ['-alpn', 'h2'] : ['-www']),
	];
	const child = execa('openssl', arguments_, {reject: false, stdin: 'pipe'});
	t.teardown(async () => {
		child.kill();
		await child;
		rmSync(folder, {recursive: true, force: true});
	});
	if (protocol === 'h2') {
		child.stdin.write(settings);
	}

	for await (const line of createInterface({input: child.stdout})) {
		const port = /^ACCEPT .*:(?<port>\d+)$/v.exec(line)?.groups?.port;
		if (port !== undefined) {
			return Number(port);
		}
	}

	throw new Error('openssl s_server did not start');
};
