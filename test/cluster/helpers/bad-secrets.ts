import {Buffer} from 'node:buffer';
import {execa} from 'execa';
import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Arranged, BadCase} from './bad-case.ts';
import type {Place} from './place.ts';
import {ready} from './watch.ts';

type Secret = KubeObject & {data: Record<string, string>; immutable?: boolean};

/* TiKV's Secret: a stand-in goes on with what it has when the new files are no good, and the operator asks it little. */
const secret = {namespace: 'tidb', name: 'basic-tikv-cluster-secret'};

const patched = (patch: (data: Record<string, string>) => Promise<unknown>) => async ({kube}: Place): Promise<Arranged> => {
	const {data} = (await kube.get<Secret>(resources.secrets, secret))!;
	await kube.patch(resources.secrets, secret, await patch(data));
	return {
		async undo() {
			await kube.patch(resources.secrets, secret, {data});
		},
	};
};

/** Puts a Secret of the same content in place of one that is gone or cannot be written any more. */
const madeAgain = async ({kube}: Place, {metadata: {labels, annotations}, data}: Secret): Promise<void> => {
	await kube.remove(resources.secrets, secret);
	await kube.create(resources.secrets, {metadata: {...secret, ...(labels && {labels}), ...(annotations && {annotations})}, data});
};

const immutable = async (place: Place): Promise<Arranged> => {
	const before = (await place.kube.get<Secret>(resources.secrets, secret))!;
	await place.kube.patch(resources.secrets, secret, {immutable: true});
	return {undo: async () => madeAgain(place, before)};
};

const missing = async (place: Place): Promise<Arranged> => {
	const before = (await place.kube.get<Secret>(resources.secrets, secret))!;
	await place.kube.remove(resources.secrets, secret);
	return {
		async undo() {
			await madeAgain(place, before);
			await ready(place);
		},
	};
};

/** Labels and annotations by which a controller that writes the same objects is known. */
const owned = (metadata: Record<string, unknown>) => async ({kube}: Place): Promise<Arranged> => {
	await kube.patch(resources.secrets, secret, {metadata});
	const nothing = Object.fromEntries(Object.entries(metadata).map(([field, value]) => [field, Object.fromEntries(Object.keys(value as Record<string, string>).map(name => [name, null]))]));
	return {
		async undo() {
			await kube.patch(resources.secrets, secret, {metadata: nothing});
		},
	};
};

const strangerKey = async (): Promise<string> => {
	const {stdout} = await execa('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout']);
	return Buffer.from(`${stdout}\n`).toString('base64');
};

const refused = (title: string, arrange: BadCase['arrange'], ...words: RegExp[]): BadCase => ({
	title, arrange: arrange!, status: 3, words: [/basic-tikv-cluster-secret/v, ...words],
});

/** What is wrong with a Secret. */
export const badSecrets: BadCase[] = [

	refused('a Secret without ca.crt', patched(async () => ({data: {'ca.crt': null}})), /ca\.crt/v),
	refused('a Secret whose key does not fit its certificate', patched(async () => ({data: {'tls.key': await strangerKey()}})), /key/v),
	refused('a Secret whose certificate is none', patched(async () => ({data: {'tls.crt': Buffer.from('no certificate\n').toString('base64')}})), /tls\.crt/v),
	refused('an immutable Secret', immutable, /immutable/v),
	refused('a missing Secret', missing, /exist|missing/v),
	refused('a Secret that Sealed Secrets or Argo CD would put back', owned({annotations: {'argocd.argoproj.io/tracking-id': 'app:/Secret:tidb/basic-tikv-cluster-secret'}}), /argo/iv),
];
