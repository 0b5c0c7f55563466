import type {X509Certificate} from 'node:crypto';
import tls from 'node:tls';
import type {Pair} from './certificates.ts';

export type Attempt = {verdict: 'accepted' | 'rejected' | 'unknown'; served?: X509Certificate};

/**
Ask a port for something over HTTPS with this client certificate. The server's certificate is reported, not judged. With TLS 1.3
the refusal comes after the client's side looks finished, so it reads before it judges.
*/
const attempt = async (host: string, port: number, {cert, key}: Pair): Promise<Attempt> => new Promise(resolve => {
	let served: X509Certificate | undefined;
	const socket = tls.connect({
		host, port, cert, key, rejectUnauthorized: false,
	});
	const end = (verdict: Attempt['verdict']) => {
		socket.destroy();
		resolve({verdict, ...(served && {served})});
	};

	socket.setTimeout(5000, () => {
		end('unknown');
	});
	socket.once('secureConnect', () => {
		served = socket.getPeerX509Certificate();
		socket.write('GET /pd/api/v1/version HTTP/1.1\r\nHost: pd\r\n\r\n');
	});
	socket.once('data', () => {
		end('accepted');
	});
	socket.once('error', (error: NodeJS.ErrnoException) => {
		end(/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE)|CERTIFICATE_REQUIRED/v.test(error.code ?? '') ? 'rejected' : 'unknown');
	});
	socket.once('close', () => {
		end('unknown');
	});
});

/** As `attempt`, again while the answer is unknown: the alert can be lost in a reset connection. */
export const attemptUntilKnown = async (host: string, port: number, pair: Pair): Promise<Attempt> => {
	for (let count = 0; count < 20; count++) {
		const result = await attempt(host, port, pair);
		if (result.verdict !== 'unknown') {
			return result;
		}
	}

	return {verdict: 'unknown'};
};
