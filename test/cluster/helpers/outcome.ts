import type {X509Certificate} from 'node:crypto';
import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {resources, type KubeObject} from '../../sandbox/kube.ts';
import {issuedOf, type Issued} from './issued.ts';
import type {Place} from './place.ts';
import {certificatesIn, secretsOf} from './state-of.ts';

/** What a rotation left, without what differs from one to the next: key bytes, serials, times, the sandbox's network. */
export type Outcome = {
	/** Mode of each file and folder in the cluster folder, by its path. Our own notes are left out: a runbook makes none. */
	files: Record<string, string>;
	/** What stands in each Secret. */
	secrets: Record<string, unknown>;
	/** What cert-manager has, where it issues. */
	issued?: Issued;
};

/** Our own notes, and the reports of runs. */
const isNote = (name: string): boolean => /^(?:cluster\.yaml|journal\.ndjson|reports(?:\/.*)?)$/v.test(name);

const filesOf = async ({folder}: Place): Promise<Record<string, string>> => {
	const names = await readdir(folder, {recursive: true});
	const pairs = await Promise.all(names.filter(name => !isNote(name)).map(async name => {
		const {mode} = await stat(path.join(folder, name));
		return [name.replace(/\d{8}T\d{6}Z/v, '<time>'), (mode % 0o1000).toString(8)] as const;
	}));
	return Object.fromEntries(pairs.toSorted(([one], [other]) => one.localeCompare(other)));
};

/** The single certificates of the cluster folder, by their file: `ca.pem`, `ca.new.pem`, … */
const authorities = async ({folder}: Place): Promise<Array<[file: string, ca: X509Certificate]>> => {
	const names = await readdir(folder);
	const found = await Promise.all(names.filter(name => /^ca(?:\.new|\.old)?\.pem$/v.test(name)).map(async name => {
		const certificates = certificatesIn(await readFile(path.join(folder, name), 'utf8'));
		return certificates.length === 1 ? [[name, certificates[0]!] as [string, X509Certificate]] : [];
	}));
	return found.flat();
};

const days = ({validFromDate, validToDate}: X509Certificate): number => Math.round((validToDate.getTime() - validFromDate.getTime()) / 86_400_000);

/** The extra names that the sandbox puts in: each has a network of its own. */
const sansOf = ({subjectAltName}: X509Certificate): string | undefined => subjectAltName?.replaceAll(/127\.\d+\./gv, '127.<network>.');

const secretsShape = async (place: Place): Promise<Record<string, unknown>> => {
	const cas = await authorities(place);
	const [secrets, {items}] = await Promise.all([secretsOf(place), place.kube.list<KubeObject & {type: string}>(resources.secrets, place.namespace)]);
	const shapes = Object.entries(secrets).map(([component, {texts, resourceVersion}]) => {
		const object = items.find(({metadata}) => metadata.resourceVersion === resourceVersion);
		const [leaf] = certificatesIn(texts['tls.crt']!);
		return [component, {
			type: object?.type,
			annotations: Object.keys(object?.metadata.annotations ?? {}),
			keys: Object.keys(texts),
			bundle: certificatesIn(texts['ca.crt']!).map(ca => cas.find(([, known]) => known.fingerprint256 === ca.fingerprint256)?.[0]),
			signedBy: cas.filter(([, ca]) => leaf!.verify(ca.publicKey)).map(([file]) => file),
			issuer: leaf!.issuer,
			subject: leaf!.subject,
			sans: sansOf(leaf!),
			key: leaf!.publicKey.asymmetricKeyDetails,
			usages: leaf!.keyUsage,
			days: days(leaf!),
		}] as const;
	});
	return Object.fromEntries(shapes.toSorted(([one], [other]) => one.localeCompare(other)));
};

/** Looks at the cluster folder and the Secrets. */
export const outcomeOf = async (place: Place): Promise<Outcome> => ({
	files: await filesOf(place),
	secrets: await secretsShape(place),
	...(place.issuer === 'cert-manager' && {issued: await issuedOf(place)}),
});
