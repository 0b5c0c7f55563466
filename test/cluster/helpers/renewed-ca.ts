import {createHash, X509Certificate} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {documentFiles, serialsByComponent} from './agree.ts';
import type {Place} from './place.ts';
import {applyAll, shortenCa} from './short-lived.ts';
import {certificatesIn, secretsOf} from './state-of.ts';

/** Shorter than the leaves of a year: the CA is what ends. */
const life = '4000h';

/** Gives the cluster a CA that ends before leaves that would be made now, by hand; its key stays, and every leaf. */
export const endSoon = async (place: Place): Promise<void> => {
	await shortenCa(place, life);
	await applyAll(place);
};

/** What a renewal of the CA's certificate is about, for comparison. */
export type CaState = {
	/** The one CA in each Secret, each once. */
	cas: X509Certificate[];
	/** Leaf and key in each Secret, and the serials in folder, Secret and at each port. */
	leaves: unknown;
	/** The files of the documents, but ca.pem. */
	files: unknown;
	/** All that must be there again after a way back. */
	all: unknown;
};

const digest = async (file: string): Promise<string> => createHash('sha256').update(await readFile(file)).digest('hex');

/** Looks at Secrets, folder and ports. */
export const caStateOf = async (place: Place): Promise<CaState> => {
	const [secrets, names, serials] = [await secretsOf(place), await documentFiles(place), await serialsByComponent(place)];
	const texts = Object.entries(secrets).map(([component, {texts: own}]) => [component, own] as const);
	const files = await Promise.all(names.map(async name => [name, await digest(path.join(place.folder, name))] as const));
	const bundles = [...new Set(texts.map(([, own]) => own['ca.crt']!))];
	return {
		cas: bundles.flatMap(bundle => certificatesIn(bundle)),
		leaves: {serials, own: texts.map(([component, own]) => [component, own['tls.crt'], own['tls.key']])},
		files: files.filter(([name]) => name !== 'ca.pem'),
		all: {texts, files, serials},
	};
};

/** Says of a cluster whose CA's certificate was made anew that nothing else is another, and that the old leaves verify by it. */
export const renewed = async (t: ExecutionContext, place: Place, before: CaState): Promise<void> => {
	const after = await caStateOf(place);
	t.deepEqual(after.leaves, before.leaves);
	t.deepEqual(after.files, before.files);
	const [[earlier], [ca, ...others]] = [before.cas, after.cas];
	t.deepEqual(others, []);
	t.not(ca!.fingerprint256, earlier!.fingerprint256);
	t.true(ca!.publicKey.equals(earlier!.publicKey));
	t.is(ca!.subject, earlier!.subject);
	t.true(ca!.validToDate >= earlier!.validToDate);
	const leaves = await Promise.all(['pd-server', 'tikv-server', 'tidb-server', 'client'].map(async file => new X509Certificate(await readFile(path.join(place.folder, `${file}.pem`)))));
	t.true(leaves.every(leaf => leaf.checkIssued(ca!) && leaf.verify(ca!.publicKey)));
};
