import {
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {openAside} from '../run/aside.ts';
import {runProgram} from '../run/program.ts';

/** A certificate and its private key, PEM. It is kept in memory only. */
export type KeyPair = {cert: string; key: string};

const life = '1h';

type Config = {signing?: {profiles?: {client?: {usages?: string[]}}}};

const gencert = async (what: string, arguments_: string[], env: Record<string, string>): Promise<KeyPair> => {
	const {stdout} = await runProgram('cfssl', ['gencert', ...arguments_], {what, env});
	if (stdout.trim() === '') {
		// Some versions of cfssl end with status 0 and print nothing (rotation-anchors 1.22).
		throw new Error(`${what}: cfssl printed no certificate`);
	}

	const {cert, key} = JSON.parse(stdout) as KeyPair;
	return {cert, key};
};

/**
A client leaf like the cluster's own (its request, its profile's usages) that lives one hour: of a CA of the folder (the canary), or,
without `ca`, of a CA that is made for it and that nobody trusts (the control), with the real CA's subject.
@throws ProgramError when cfssl fails.
*/
export const makeThrowaway = async ({folder, ca, env}: {folder: string; ca?: {cert: string; key: string}; env: Record<string, string>}): Promise<KeyPair> => {
	// A canary is a valid credential: what touches the disk is in a folder of ours only and goes at once.
	const {folder: aside, close} = openAside('throwaway');
	try {
		const given = JSON.parse(await readFile(path.join(folder, 'ca-config.json'), 'utf8')) as Config;
		const usages = given.signing?.profiles?.client?.usages ?? ['signing', 'key encipherment', 'client auth'];
		const config = path.join(aside, 'ca-config.json');
		await writeFile(config, JSON.stringify({signing: {default: {expiry: life}, profiles: {client: {expiry: life, usages}}}}));
		let [certificate, key] = [path.join(folder, ca?.cert ?? ''), path.join(folder, ca?.key ?? '')];
		if (!ca) {
			const made = await gencert('making the control\'s CA', ['-initca', path.join(folder, 'ca-csr.json')], env);
			[certificate, key] = [path.join(aside, 'ca.pem'), path.join(aside, 'ca-key.pem')];
			await writeFile(certificate, made.cert, {mode: 0o600});
			await writeFile(key, made.key, {mode: 0o600});
		}

		return await gencert('making a throwaway client certificate', [`-ca=${certificate}`, `-ca-key=${key}`, `-config=${config}`, '-profile=client', path.join(folder, 'client.json')], env);
	} finally {
		close();
	}
};
