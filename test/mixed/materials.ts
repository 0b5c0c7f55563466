import process from 'node:process';
import {readCertificates} from '../../src/certificates/read.ts';
import type {Material} from '../../src/prove/types.ts';
import {makeCa, makeLeaf, type Pair} from '../helpers/pki.ts';

/** The name that the servers' certificates are checked for. */
export const servername = 'server.mixed.test';

const cas = {a: makeCa(), b: makeCa(), c: makeCa()};

/** Outside the networks of sandboxes, and not that of another run. */
export const address = `127.0.${20 + (process.pid % 200)}.1`;

// PD's peer port checks a client's names against where it calls from.
const sans = [servername, address, '127.0.0.1'];

/** Leaves of three CAs of one subject, as cfssl makes them; with a subject like the CA's, it gives no key identifier. */
export const leaves: Record<string, Pair> = {
	a: makeLeaf(cas.a, {sans}),
	b: makeLeaf(cas.b, {sans}),
	c: makeLeaf(cas.c, {sans}),
	'a without a key id': makeLeaf(cas.a, {sans, hasKeyId: false}),
	'a expired': makeLeaf(cas.a, {sans, ends: -1}),
};

/** The documents' order is the new CA first. */
export const bundles: Record<string, string> = {
	a: cas.a.cert, b: cas.b.cert, 'b, a': `${cas.b.cert}${cas.a.cert}`,
};

/** By the names of a leaf and of a bundle. */
export type Names = {leaf: string; bundle: string};

export const materialOf = ({leaf, bundle}: Names): Material => ({leaf: readCertificates(leaves[leaf]!.cert), bundle: readCertificates(bundles[bundle]!)});

/** What stands in a mounted Secret. */
export const filesOf = ({leaf, bundle}: Names): Record<string, string> => ({'tls.crt': leaves[leaf]!.cert, 'tls.key': leaves[leaf]!.key, 'ca.crt': bundles[bundle]!});
