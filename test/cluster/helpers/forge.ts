import {Buffer} from 'node:buffer';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {readCertificates} from '../../../src/certificates/read.ts';
import {components, secretName} from '../../../src/cluster/components.ts';
import {makeLeaf, type Made, type Wish} from '../../helpers/certificates.ts';
import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';

/** What is written to a Secret, by its keys, as text. */
export type Texts = Record<string, string>;

export type Named = 'pd' | 'tikv' | 'tidb' | 'client';

export type SecretData = KubeObject & {data: Record<string, string>};

const where = ({namespace, cluster}: Place, component: Named) => ({namespace, name: secretName(cluster, component)});

/** What a component's Secret holds. */
export const textsOf = async (place: Place, component: Named): Promise<Texts> => {
	const {data} = (await place.kube.get<SecretData>(resources.secrets, where(place, component)))!;
	return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
};

/** Writes these keys of a component's Secret. */
export const writeTexts = async (place: Place, component: Named, texts: Texts): Promise<void> => {
	const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
	await place.kube.patch(resources.secrets, where(place, component), {data});
};

/** A file of the cluster folder. */
export const inFolder = async ({folder}: Place, file: string): Promise<string> => readFile(path.join(folder, file), 'utf8');

/** The CA that signs the leaves, and its key. */
const signer = async (place: Place): Promise<Made> => ({cert: await inFolder(place, 'ca.new.pem'), key: await inFolder(place, 'ca-key.new.pem')});

const sansIn = (pem: string): string[] => readCertificates(pem).certificates[0]!.sans;

const asOpenssl = (sans: string[]): string => sans.map(name => /^[\d.]+$|:/v.test(name) ? `IP:${name}` : `DNS:${name}`).join(',');

/** A leaf like the component's own but for what is wished; `lacks` are SANs that it has not. */
export const forge = async (place: Place, component: Named, {ca, lacks = [], ...wish}: Wish & {ca?: Made; lacks?: string[]} = {}): Promise<Texts> => {
	const {'tls.crt': live = ''} = await textsOf(place, component);
	const sans = sansIn(live).filter(name => !lacks.includes(name));
	const {cert, key} = makeLeaf(ca ?? await signer(place), {
		subject: '/C=US/ST=CA/L=San Francisco/CN=TiDB',
		...(sans.length > 0 && {sans: asOpenssl(sans)}),
		...(component === 'client' && {usages: 'clientAuth'}),
		...wish,
	});
	return {'tls.crt': cert, 'tls.key': key};
};

/**
A leaf whose subject is its CA's, as people make it who copy the CA's `names` into their leaf requests: cfssl gives it no
Authority Key Identifier.
*/
export const forgeWithCaSubject = async (place: Place, component: 'pd' | 'tikv' | 'tidb'): Promise<Texts> => {
	const {folder, state, programs: {cfssl, cfssljson}} = place;
	const {file, profile} = components[component];
	const {names} = JSON.parse(await inFolder(place, 'ca-csr.json')) as {names: unknown};
	const request = {...JSON.parse(await inFolder(place, `${file}.json`)) as Record<string, unknown>, names};
	const aside = await mkdtemp(path.join(state, 'forge-'));
	try {
		await execa(cfssl, ['gencert', `-ca=${folder}/ca.new.pem`, `-ca-key=${folder}/ca-key.new.pem`, `-config=${folder}/ca-config.json`, `-profile=${profile}`, '-'], {
			input: JSON.stringify(request), buffer: {stdout: false},
		}).pipe(cfssljson, ['-bare', 'leaf'], {cwd: aside, buffer: {stdout: false}});
		return {'tls.crt': await readFile(path.join(aside, 'leaf.pem'), 'utf8'), 'tls.key': await readFile(path.join(aside, 'leaf-key.pem'), 'utf8')};
	} finally {
		await rm(aside, {recursive: true});
	}
};
