import {X509Certificate} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import type {TestSandbox} from './sandbox.ts';
import {
	type ClientPair,
	doorsOf,
	knock,
	makeControl,
	mysqlDoorsOf,
	nameOf,
	servedLeaf,
} from './shake.ts';
import {certificatesIn, secretsOf, type SecretState} from './state-of.ts';

/** The files of the components of each side, and whose pods serve them. */
const filesOf = {
	components: {
		pd: {file: 'pd-server', pods: 'pd'}, tikv: {file: 'tikv-server', pods: 'tikv'}, tidb: {file: 'tidb-server', pods: 'tidb'}, client: {file: 'client', pods: undefined},
	},
	mysql: {'tidb-server': {file: 'server', pods: 'tidb'}, 'tidb-client': {file: 'client', pods: undefined}},
} as const;

/** The leaf and key of a Secret, as a client. */
export const pairOf = ({texts}: SecretState): ClientPair => ({cert: texts['tls.crt']!, key: texts['tls.key']!});

/** The serials of one component's leaf wherever it is: in the Secret, in the folder, at each port of each pod. */
export const serialsByComponent = async (sandbox: TestSandbox): Promise<Record<string, Record<string, string>>> => {
	const secrets = await secretsOf(sandbox);
	const client = pairOf(secrets[sandbox.side === 'mysql' ? 'tidb-client' : 'client']!);
	const doors = sandbox.side === 'mysql' ? mysqlDoorsOf(sandbox) : doorsOf(sandbox);
	return Object.fromEntries(await Promise.all(Object.entries(filesOf[sandbox.side ?? 'components']).map(async ([component, {file, pods}]) => {
		const inFolder = new X509Certificate(await readFile(path.join(sandbox.folder, `${file}.pem`)));
		const served = await Promise.all(doors.filter(({place}) => place.component === pods)
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
