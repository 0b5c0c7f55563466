import https from 'node:https';

/** The cluster client Secret's content, in PEM. */
export type ClientSecret = {ca: string; cert: string; key: string};

export type Question = {
	/** The pod's address. There is no cluster DNS in the sandbox; the name that the operator would dial is only checked against the certificate. */
	address: string;
	port: number;
	servername: string;
	path: string;
	method?: 'GET' | 'POST' | 'DELETE';
	secret: ClientSecret;
};

const timeout = 3000;

/**
One HTTPS request over a connection of its own, with the client certificate of the moment: tidb-operator v1 keeps no client either.

@returns The body of a 2xx answer.
@throws {Error} The connection, the TLS handshake or the answer failed; the message names the server.
*/
export async function ask({address, port, servername, path, method = 'GET', secret}: Question): Promise<string> {
	const url = `https://${servername}:${port}${path}`;
	try {
		return await new Promise((resolve, reject) => {
			const request = https.request({
				...secret,
				host: address,
				port,
				servername,
				path,
				method,
				agent: false,
				headers: {host: `${servername}:${port}`},
				signal: AbortSignal.timeout(timeout),
			}, response => {
				let body = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => {
					body += chunk;
				});
				response.on('error', reject);
				response.on('end', () => {
					const status = response.statusCode ?? 0;
					if (status >= 200 && status < 300) {
						resolve(body);
					} else {
						reject(new Error(`status ${status}: ${body.trim().slice(0, 200)}`));
					}
				});
			});
			request.on('error', reject);
			request.end();
		});
	} catch (error) {
		throw new Error(`${method} ${url}: ${error instanceof Error ? error.message : String(error)}`, {cause: error});
	}
}

/** Whether nobody listened: the pod's process is not there. */
export function isRefused(error: unknown): boolean {
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
