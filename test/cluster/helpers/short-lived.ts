import {
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {components, secretName} from '../../../src/cluster/components.ts';
import type {Place} from './place.ts';
import {certificatesIn, secretsOf} from './state-of.ts';

const names = ['pd', 'tikv', 'tidb', 'client'] as const;

/** How long cfssl makes a certificate valid (`expiry`), and how much of that is over already (`backdate`). */
export type Life = {expiry: string; backdate: string};

type Config = {signing: {default: Record<string, unknown>; profiles: Record<string, Record<string, unknown>>}};

/** The folder's ca-config.json with other lives, in a file that is there for `use` only. */
const withLife = async ({folder, state}: Place, life: Life, use: (config: string) => Promise<void>): Promise<void> => {
	const {signing} = JSON.parse(await readFile(path.join(folder, 'ca-config.json'), 'utf8')) as Config;
	const profiles = Object.fromEntries(Object.entries(signing.profiles).map(([name, profile]) => [name, {...profile, ...life}]));
	const aside = await mkdtemp(path.join(state, 'short-lived-'));
	try {
		const config = path.join(aside, 'ca-config.json');
		await writeFile(config, JSON.stringify({signing: {default: {...signing.default, ...life}, profiles}}));
		await use(config);
	} finally {
		await rm(aside, {recursive: true});
	}
};

/** New leaves in the cluster folder, of its CA. The folder's own ca-config.json stays as it is. */
export const makeLeaves = async (place: Place, life: Life): Promise<void> => withLife(place, life, async config => {
	const {folder, programs: {cfssl, cfssljson}} = place;
	const options = {cwd: folder, buffer: {stdout: false}} as const;
	await Promise.all(names.map(async name => {
		const {file, profile} = components[name];
		await execa(cfssl, ['gencert', '-ca=ca.pem', '-ca-key=ca-key.pem', `-config=${config}`, `-profile=${profile}`, `${file}.json`], options).pipe(cfssljson, ['-bare', file], options);
	}));
});

/** A new CA in the cluster folder in place of its own. The folder's ca-csr.json stays as it is. */
export const makeCa = async ({folder, programs: {cfssl, cfssljson}}: Place, life: Life): Promise<void> => {
	const {CA, ...request} = JSON.parse(await readFile(path.join(folder, 'ca-csr.json'), 'utf8')) as {CA: Record<string, unknown>};
	const options = {cwd: folder, buffer: {stdout: false}} as const;
	await execa(cfssl, ['gencert', '-initca', '-'], {...options, input: JSON.stringify({...request, ca: {...CA, ...life}})}).pipe(cfssljson, ['-bare', 'ca', '-'], options);
};

/** The CA of the cluster folder with another certificate, which lives for so long from now; its key stays. */
export const shortenCa = async ({folder, programs: {cfssl, cfssljson}}: Place, expiry: string): Promise<void> => {
	const {CA, ...request} = JSON.parse(await readFile(path.join(folder, 'ca-csr.json'), 'utf8')) as {CA: Record<string, unknown>};
	const options = {cwd: folder, buffer: {stdout: false}} as const;
	await execa(cfssl, ['gencert', '-initca', '-ca-key', 'ca-key.pem', '-'], {...options, input: JSON.stringify({...request, ca: {...CA, expiry}})}).pipe(cfssljson, ['-bare', 'ca', '-'], options);
};

/** Writes the folder's leaves and ca.pem to the Secrets, all at once and by hand. */
export const applyAll = async ({folder, env, cluster, namespace}: Place): Promise<void> => {
	await Promise.all(names.map(async name => {
		const {file} = components[name];
		const options = {cwd: folder, env, buffer: {stdout: false}} as const;
		await execa('kubectl', [
			'create',
			'secret',
			'generic',
			secretName(cluster, name),
			`--namespace=${namespace}`,
			`--from-file=tls.crt=${file}.pem`,
			`--from-file=tls.key=${file}-key.pem`,
			'--from-file=ca.crt=ca.pem',
			'--dry-run=client',
			'-o',
			'yaml',
		], options).pipe('kubectl', ['apply', '-f', '-'], options);
	}));
};

/** Waits until the certificates in these fields of the Secrets have all expired. */
export const expired = async (place: Place, field: 'tls.crt' | 'ca.crt'): Promise<void> => {
	const secrets = await secretsOf(place);
	const ends = Object.values(secrets).flatMap(({texts}) => certificatesIn(texts[field] ?? '').map(({validToDate}) => validToDate.getTime()));
	// A certificate is valid through its last second.
	await sleep(Math.max(0, Math.max(...ends) + 1500 - Date.now()));
};
