import type {Connection, RowDataPacket} from 'mysql2/promise';
import {forward} from './forward.ts';
import type {KeyPair} from './throwaway.ts';

const port = 4000;
/** Milliseconds, for a connection and for each statement. */
const limit = 10_000;

/** A MySQL account of TiDB. */
export type Login = {user: string; password?: string};

/** One TiDB, and how to speak with it. */
export type SqlPlace = {
	namespace: string;
	pod: string;
	/** Chooses kubeconfig and context. */
	env: Record<string, string>;
	login: Login;
	/** CAs in PEM that may have signed what the pod serves. */
	cas: string[];
	/** The client certificate to present, for accounts that need one. */
	pair: KeyPair | undefined;
};

/** Asks for rows. */
export type Query = (statement: string) => Promise<Array<Record<string, unknown>>>;

/** TiDB could not be asked, or said no. */
export class SqlError extends Error {
	/** The connection failed, or ended: it may well work the next time. What TiDB or TLS refused, it will refuse again. */
	isPassing: boolean;

	constructor(pod: string, cause: unknown) {
		const {code = '', message, errno} = cause as {code?: string; message: string; errno?: number};
		super(`${pod} by SQL: ${message}${code === '' || message.includes(code) ? '' : ` (${code})`}`);
		this.name = 'SqlError';
		this.isPassing = errno === undefined ? !code.includes('SSL') : /^(?:E[A-Z]{3,}|PROTOCOL_)/v.test(code) && !code.startsWith('ER_');
	}
}

const open = async ({login: {user, password}, cas, pair}: SqlPlace, local: {host: string; port: number}): Promise<Connection> => {
	const {createConnection} = await import('mysql2/promise');
	return createConnection({
		...local,
		user,
		...(password !== undefined && {password}),
		connectTimeout: limit,
		// Kubernetes says which pod this is; whether it is called so in its certificate is a matter of the gates.
		ssl: {
			ca: cas, ...pair, rejectUnauthorized: true, verifyIdentity: false, minVersion: 'TLSv1.2',
		},
	});
};

/**
Opens a MySQL connection over TLS to one TiDB, through `kubectl port-forward`, for as long as `use` takes.
@throws SqlError when it does not come about, or a statement fails.
*/
export const bySql = async <Result>(place: SqlPlace, use: (query: Query) => Promise<Result>): Promise<Result> => {
	const {namespace, pod, env} = place;
	let link: Awaited<ReturnType<typeof forward>> | undefined;
	let connection: Connection | undefined;
	try {
		link = await forward({
			namespace, pod, ports: [port], env,
		});
		connection = await open(place, link.local(port));
		const opened = connection;
		return await use(async sql => {
			const [rows] = await opened.query<RowDataPacket[]>({sql, timeout: limit});
			return Array.isArray(rows) ? rows : [];
		});
	} catch (error) {
		throw error instanceof SqlError ? error : new SqlError(pod, error);
	} finally {
		connection?.destroy();
		await link?.stop();
	}
};
