import {readCertificates} from '../../src/certificates/read.ts';
import type {Consumer, Observation} from '../../src/observe/types.ts';
import {makeMaterial, observationOf} from './observation.ts';
import {makeCa, makeLeaf, type Pair} from './pki.ts';

/** The CAs of a rotation and a leaf of each; `ended`: a leaf of the old one that has expired. */
export const [oldCa, newCa, strange] = [makeCa({}), makeCa({begins: 0}), makeCa({})] as [Pair, Pair, Pair];
export const pairs = {
	old: makeLeaf(oldCa), new: makeLeaf(newCa), ended: makeLeaf(oldCa, {ends: -1}),
};

/** What a consumer in a test holds: CAs and leaves, PEM. */
export const holder = (id: string, {cas = [], leaves = []}: {cas?: Pair[]; leaves?: Pair[]}): Consumer => {
	const [kind, namespace, name] = id.split('/') as [Consumer['kind'], string, string];
	const read = (all: Pair[]) => all.flatMap(({cert}) => readCertificates(cert).certificates);
	return {
		kind, namespace, name, keys: ['ca.crt'], cas: read(cas), leaves: read(leaves),
	};
};

const usual = makeMaterial();

/** A cluster between its CAs: with `leaf` of that CA in every Secret, and both CAs in the bundles; one CA alone at rest. */
export const between = (found: Consumer[], {leaf = 'old', isOpen = true}: {leaf?: 'old' | 'new'; isOpen?: boolean} = {}): Observation => {
	const observation = observationOf(usual);
	const bundle = readCertificates(isOpen ? `${newCa.cert}${oldCa.cert}` : oldCa.cert);
	for (const secret of Object.values(observation.secrets)) {
		Object.assign(secret, {bundle, leaf: readCertificates(pairs[leaf].cert)});
	}

	observation.folder.certificates = {
		...observation.folder.certificates,
		'ca.pem': bundle,
		...(isOpen && {'ca.new.pem': readCertificates(newCa.cert), 'ca.old.pem': readCertificates(oldCa.cert)}),
	};
	observation.consumers = {found, unread: [], users: []};
	return observation;
};
