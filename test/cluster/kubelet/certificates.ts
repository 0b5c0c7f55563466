import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {Sandbox} from '../../sandbox/state.ts';

/** A certificate and its key, PEM. */
export type Pair = {cert: string; key: string};

export type Authority = Pair & {
	/** Signs a certificate with the cluster's common name for these hosts, for both server and client. */
	sign: (hosts: string[]) => Promise<Pair>;
};

const profile = {expiry: '24h', usages: ['signing', 'key encipherment', 'server auth', 'client auth']};
const key = {algo: 'ecdsa', size: 256};

/** Make a CA with the sandbox's own cfssl, in a folder of its own. */
export const makeAuthority = async (sandbox: Sandbox, folder: string): Promise<Authority> => {
	await mkdir(folder, {recursive: true, mode: 0o700});
	const {cfssl} = sandbox.programs;
	const run = async (args: string[]): Promise<Pair> => {
		const {stdout} = await execa(cfssl, args, {cwd: folder});
		const {cert, key: secret} = JSON.parse(stdout) as {cert: string; key: string};
		return {cert, key: secret};
	};

	const request = async (file: string, hosts: string[]) => writeFile(path.join(folder, file), JSON.stringify({
		CN: 'TiDB', hosts, key, names: [{O: 'PingCAP', OU: hosts.length === 0 ? path.basename(folder) : 'leaf'}],
	}));
	await request('ca.json', []);
	await writeFile(path.join(folder, 'config.json'), JSON.stringify({signing: {default: profile}}));
	const authority = await run(['gencert', '-initca', 'ca.json']);
	await Promise.all([writeFile(path.join(folder, 'ca.pem'), authority.cert), writeFile(path.join(folder, 'ca-key.pem'), authority.key, {mode: 0o600})]);
	return {
		...authority,
		async sign(hosts) {
			await request('leaf.json', hosts);
			return run(['gencert', '-ca=ca.pem', '-ca-key=ca-key.pem', '-config=config.json', 'leaf.json']);
		},
	};
};

/** The files that a process of the sandbox wrote. */
export const readLog = async (state: string, name: string): Promise<string> => readFile(path.join(state, 'logs', `${name}.log`), 'utf8');
