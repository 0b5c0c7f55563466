import {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {type KubeObject, resources} from '../../sandbox/kube.ts';
import {certificatesOf, isReady} from './cert-manager.ts';
import type {Place} from './place.ts';
import {certificatesIn} from './state-of.ts';

/** The objects in the namespace of a cluster whose certificates cert-manager issues. */
export type Objects = {
	/** What each Certificate asks for. */
	certificates: Record<string, unknown>;
	issuers: Record<string, unknown>;
	/** The names of all Secrets. */
	secrets: string[];
};

/** The same with what they hold, without what differs from one rotation to the next. */
export type Issued = Objects & {
	/** Certificates that are not Ready, or are being issued. */
	unready: string[];
	/** The Secret of the CA: whether its values are the one CA of the folder, and what else is known of it. */
	ca: unknown;
};

type Secret = KubeObject & {type: string; data: Record<string, string>};

/** It is there while something is being issued, and goes by itself a little later. */
export const isPassing = ({metadata}: KubeObject): boolean => metadata.labels?.['cert-manager.io/next-private-key'] === 'true';

/** Cert-manager's objects and the names of the Secrets. */
export const objectsOf = async (place: Place): Promise<Objects> => {
	const {kube, namespace} = place;
	const [certificates, {items: issuers}, {items: secrets}] = await Promise.all([
		certificatesOf(place), kube.list<KubeObject & {spec: unknown}>(resources.issuers, namespace), kube.list(resources.secrets, namespace),
	]);
	return {
		certificates: Object.fromEntries(Object.entries(certificates).map(([name, {spec}]) => [name, spec])),
		issuers: Object.fromEntries(issuers.map(({metadata, spec}) => [metadata.name, spec])),
		secrets: secrets.filter(secret => !isPassing(secret)).map(({metadata}) => metadata.name),
	};
};

const caOf = async ({kube, namespace, folder, cluster}: Place): Promise<unknown> => {
	const {type, data, metadata: {labels, annotations = {}}} = (await kube.get<Secret>(resources.secrets, {namespace, name: `${cluster}-ca-secret`}))!;
	const fingerprints = (pem: string): string[] => certificatesIn(pem).map(({fingerprint256}) => fingerprint256);
	const known = fingerprints(await readFile(path.join(folder, 'ca.pem'), 'utf8'));
	return {
		type,
		labels,
		annotations: Object.keys(annotations).toSorted(),
		keys: Object.keys(data).toSorted(),
		isFolders: ['tls.crt', 'ca.crt'].map(key => fingerprints(Buffer.from(data[key]!, 'base64').toString('utf8')).join(' ') === known.join(' ')),
		cas: known.length,
	};
};

/** Looks at cert-manager's objects, the Secrets and the cluster folder. */
export const issuedOf = async (place: Place): Promise<Issued> => {
	const [objects, certificates, ca] = await Promise.all([objectsOf(place), certificatesOf(place), caOf(place)]);
	const isIssuing = (name: string): boolean => certificates[name]!.status?.conditions?.some(({type, status}) => type === 'Issuing' && status === 'True') ?? false;
	return {...objects, unready: Object.keys(certificates).filter(name => !isReady(certificates[name]!) || isIssuing(name)), ca};
};
