import {X509Certificate} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import type {TestSandbox} from './sandbox.ts';
import {
	type ClientPair,
	doorsOf,
	knock,
	makeControl,
	nameOf,
	servedLeaf,
} from './shake.ts';
import {certificatesIn, secretsOf, type SecretState} from './state-of.ts';

const fileOf: Record<string, string> = {
	pd: 'pd-server', tikv: 'tikv-server', tidb: 'tidb-server', client: 'client',
};

/** The leaf and key of a Secret, as a client. */
export const pairOf = ({texts}: SecretState): ClientPair => ({cert: texts['tls.crt']!, key: texts['tls.key']!});

/** The serials of one component's leaf wherever it is: in the Secret, in the folder, at each port of each pod. */
export const serialsByComponent = async (sandbox: TestSandbox): Promise<Record<string, Record<string, string>>> => {
	const secrets = await secretsOf(sandbox);
	const client = pairOf(secrets.client!);
	const doors = doorsOf(sandbox);
	return Object.fromEntries(await Promise.all(Object.entries(fileOf).map(async ([component, file]) => {
		const inFolder = new X509Certificate(await readFile(path.join(sandbox.folder, `${file}.pem`)));
		const served = await Promise.all(doors.filter(({place}) => place.component === component)
			.map(async door => {
				const {serialNumber} = await servedLeaf(door, client);
				return [nameOf(door), serialNumber] as const;
			}));
		return [component, {secret: secrets[component]!.serial, folder: inFolder.serialNumber, ...Object.fromEntries(served)}] as const;
	})));
};

/** What each port says to a client certificate that nobody trusts, and to another one. */
export const verdicts = async (sandbox: TestSandbox, pair: ClientPair): Promise<Array<{door: string; control: string; pair: string}>> => {
	const control = await makeControl();
	return Promise.all(doorsOf(sandbox).map(async door => ({door: nameOf(door), control: await knock(door, control), pair: await knock(door, pair)})));
};

/** Files of the cluster folder without folders, requests (`.csr`) and our own notes. */
export const documentFiles = async ({folder}: TestSandbox): Promise<string[]> => {
	const entries = await readdir(folder, {withFileTypes: true});
	return entries.filter(entry => entry.isFile()).map(({name}) => name)
		.filter(name => !name.endsWith('.csr') && !['cluster.yaml', 'journal.ndjson'].includes(name)).toSorted();
};

/** Fingerprints of the certificates in a file of the cluster folder. */
export const fingerprintsIn = async ({folder}: TestSandbox, file: string): Promise<string[]> =>
	certificatesIn(await readFile(path.join(folder, file), 'utf8')).map(certificate => certificate.fingerprint256);
