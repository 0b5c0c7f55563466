import type {X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import {execa} from 'execa';
import {dial, open} from '../../traffic/dial.ts';
import {placesOf, type Place, type Speech} from '../../traffic/directions.ts';
import type {TestSandbox} from './sandbox.ts';

/** One TLS port of one pod. */
export type Door = {place: Place; port: number; speech: Speech};

/** PEM texts of a client. */
export type ClientPair = {cert: string; key: string};

const ports: Record<Place['component'], Array<{port: number; speech: Speech}>> = {
	pd: [{port: 2379, speech: 'http'}, {port: 2380, speech: 'http'}],
	tikv: [{port: 20_160, speech: 'h2'}, {port: 20_180, speech: 'http'}],
	tidb: [{port: 10_080, speech: 'http'}],
	tiflash: [{port: 3930, speech: 'h2'}, {port: 20_170, speech: 'h2'}, {port: 20_292, speech: 'http'}],
	ticdc: [{port: 8301, speech: 'http'}],
	tiproxy: [{port: 3080, speech: 'http'}],
	pump: [{port: 8250, speech: 'http'}],
	tso: [{port: 2379, speech: 'http'}],
	scheduling: [{port: 2379, speech: 'http'}],
	'dm-master': [{port: 8261, speech: 'http'}, {port: 8291, speech: 'http'}],
	'dm-worker': [{port: 8262, speech: 'http'}],
};

/** TiDB's ports for MySQL clients. */
export const mysqlDoorsOf = (sandbox: TestSandbox): Door[] => placesOf(sandbox).filter(({component}) => component === 'tidb').map(place => ({place, port: 4000, speech: 'mysql'}));

/** Every TLS port of every pod, MySQL's left out. */
export const doorsOf = (sandbox: TestSandbox): Door[] => placesOf(sandbox).flatMap(place => ports[place.component].map(port => ({place, ...port})));

/** `basic-pd-0:2379`. */
export const nameOf = ({place, port}: Door): string => `${place.pod}:${port}`;

/** Knocks at a port, straight at the pod's address: whether the port takes this client's certificate. The server's own is not judged. */
export const knock = async ({place, port, speech}: Door, {cert, key}: ClientPair): Promise<'accepted' | 'rejected' | 'unknown'> => {
	const {outcome} = await dial({to: place, port, speech}, {context: tls.createSecureContext({cert, key})}, {rejectUnauthorized: false});
	return outcome === 'accepted' ? outcome : (outcome === 'certificate' ? 'rejected' : 'unknown');
};

/** The leaf that a port serves. */
export const servedLeaf = async ({place, port, speech}: Door, {cert, key}: ClientPair): Promise<X509Certificate> => {
	const socket = await open({to: place, port, speech}, {identity: {context: tls.createSecureContext({cert, key})}, options: {rejectUnauthorized: false}});
	try {
		await once(socket, 'secureConnect');
		return socket.getPeerX509Certificate()!;
	} finally {
		socket.destroy();
	}
};

/** A client certificate as the cluster's, but of a CA that nobody trusts. */
export const makeControl = async (): Promise<ClientPair> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'control-'));
	try {
		const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
		await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=TiDB', '-days', '1', '-addext', 'extendedKeyUsage=clientAuth', '-keyout', key, '-out', cert]);
		return {cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8')};
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};
