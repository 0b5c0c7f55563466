import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {readCertificates, readKey} from '../certificates/read.ts';
import {materialHash} from '../certificates/verify.ts';
import type {SecretObject} from './objects.ts';
import type {SecretFacts} from './types.ts';
import {writersOf} from './writers.ts';

/** The text of a value of `data`; '' where there is none. */
export const decode = (text: string | undefined): string => text === undefined ? '' : Buffer.from(text, 'base64').toString('utf8');

/** When `data` was last written, by the API server's clock. */
const dataChanged = ({metadata}: SecretObject): string => {
	const times = (metadata.managedFields ?? [])
		.filter(entry => entry.fieldsV1?.['f:data'] !== undefined)
		.map(entry => entry.time ?? '');
	return times.toSorted().at(-1) ?? '';
};

/** A Secret that is not there. */
export const missingSecret = (name: string): SecretFacts => ({
	name,
	exists: false,
	resourceVersion: '',
	immutable: false,
	keys: [],
	digests: {},
	leaf: readCertificates(''),
	key: {},
	bundle: readCertificates(''),
	material: '',
	changed: '',
	labels: {},
	annotations: {},
	owners: [],
	managers: [],
	writers: [],
});

/** The facts of a Secret. The private key is looked at only to tell which public key it belongs to. */
export const secretFacts = (object: SecretObject): SecretFacts => {
	const data = object.data ?? {};
	const leaf = decode(data['tls.crt']);
	const bundle = decode(data['ca.crt']);
	const {metadata} = object;
	return {
		name: metadata.name,
		exists: true,
		resourceVersion: metadata.resourceVersion,
		immutable: object.immutable === true,
		keys: Object.keys(data),
		digests: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, createHash('sha256').update(value).digest('hex')])),
		leaf: readCertificates(leaf),
		key: readKey(decode(data['tls.key'])),
		bundle: readCertificates(bundle),
		material: materialHash(bundle, leaf),
		changed: dataChanged(object),
		labels: metadata.labels ?? {},
		annotations: metadata.annotations ?? {},
		owners: (metadata.ownerReferences ?? []).map(({kind, name}) => ({kind, name})),
		managers: [...new Set((metadata.managedFields ?? []).map(entry => entry.manager))],
		writers: writersOf(metadata),
	};
};
