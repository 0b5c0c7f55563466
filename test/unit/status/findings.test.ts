import test from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import {missingSecret} from '../../../src/observe/secrets.ts';
import type {SecretFacts} from '../../../src/observe/types.ts';
import {type Judged, secretFindings} from '../../../src/status/findings.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf, type Pair} from '../../helpers/pki.ts';

const {ca, leaves} = makeMaterial();
const otherCa = makeCa();
const subject = {C: 'US', O: 'PingCAP', CN: 'TiDB'};

const pd = 'basic-pd-cluster-secret';
const tikv = 'basic-tikv-cluster-secret';

/** The Secrets of a healthy cluster, with what a case changes. */
const judged = (change: (secrets: Record<string, SecretFacts>) => void): Judged => {
	const {secrets, now} = observationOf({ca, leaves});
	change(secrets);
	return {cluster, secrets, now};
};

const withLeaf = ({cert, key}: Pair) => (secrets: Record<string, SecretFacts>): void => {
	Object.assign(secrets[pd]!, {leaf: readCertificates(cert), key: readKey(key)});
};

const withBundle = (name: string, ...cas: string[]) => (secrets: Record<string, SecretFacts>): void => {
	secrets[name]!.bundle = readCertificates(cas.join(''));
};

const everywhere = (...cas: string[]) => (secrets: Record<string, SecretFacts>): void => {
	for (const name of Object.keys(secrets)) {
		withBundle(name, ...cas)(secrets);
	}
};

/** A cluster all of whose leaves are of one CA. */
const withCa = (one: Pair) => (secrets: Record<string, SecretFacts>): void => {
	for (const secret of Object.values(secrets)) {
		const {cert, key} = makeLeaf(one);
		Object.assign(secret, {leaf: readCertificates(cert), key: readKey(key), bundle: readCertificates(one.cert)});
	}
};

const expiredCa = makeCa({begins: -400, ends: -1});
const noCertificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

type Case = [title: string, change: (secrets: Record<string, SecretFacts>) => void, expected: string[], words: RegExp];

const cases: Case[] = [
	[
		'a leaf that has expired',
		withLeaf(makeLeaf(ca, {ends: -1})),
		['critical expired'],
		/^the certificate in Secret basic-pd-cluster-secret has expired at .* → npm run rotate -- --cluster basic -n tidb --keep-ca$/v,
	],
	['a leaf that is not valid yet', withLeaf(makeLeaf(ca, {begins: 1})), ['critical not-yet-valid'], /is not valid before .*clocks/v],
	[
		'an expired CA',
		withCa(expiredCa),
		['critical expired', ...cluster.components.map(() => 'warning outlives-ca')],
		/^the CA C=US,O=PingCAP,CN=TiDB \(serial [\da-f]+\) has expired at .* → npm run issue -- --cluster basic -n tidb --accept-outage$/v,
	],
	['an expired CA that signed nothing', everywhere(makeCa({ends: -1}).cert, ca.cert), ['warning expired-unused'], /which signed no present certificate, has expired .* --retire-old-ca$/v],
	['a leaf that outlives its CA', withLeaf(makeLeaf(ca, {ends: 4000})), ['warning outlives-ca'], /outlives its CA by 380 d: it counts until .* only/v],
	['a leaf of another CA than its bundle', withLeaf(makeLeaf(otherCa)), ['critical wrong-ca'], /is of another CA than its ca\.crt: none of the 1 signed it/v],
	[
		'a bundle without the CA that signed a sibling\'s leaf',
		secrets => {
			withLeaf(makeLeaf(otherCa))(secrets);
			withBundle(pd, otherCa.cert, ca.cert)(secrets);
		},
		['critical not-trusted', 'critical not-trusted', 'critical not-trusted'],
		/^ca\.crt of Secret basic-tikv-cluster-secret lacks the CA that signed the certificate in Secret basic-pd-cluster-secret/v,
	],
	['a bundle of another CA', withBundle(tikv, otherCa.cert), ['critical wrong-ca'], /Secret basic-tikv-cluster-secret .* is of another CA/v],
	['a key that is another component\'s', secrets => {
		secrets[pd]!.key = secrets[tikv]!.key;
	}, ['critical key-misfit'], /tls\.key does not fit tls\.crt/v],
	['a key that cannot be read', secrets => {
		secrets[pd]!.key = readKey('nonsense');
	}, ['critical unreadable'], /tls\.key: it is no private key/v],
	['a bundle with a block that is no certificate', withBundle(pd, ca.cert, noCertificate), ['critical unreadable'], /ca\.crt: 1 of its 2 certificates cannot be read/v],
	['a bundle that is cut off', withBundle(pd, ca.cert, otherCa.cert.slice(0, 100)), ['critical unreadable'], /ca\.crt: .*no whole certificate/v],
	['a Secret that is missing', secrets => {
		secrets[pd] = missingSecret(pd);
	}, ['critical no-secret'], /Secret basic-pd-cluster-secret does not exist/v],
	['a Secret that nobody listed', secrets => {
		Reflect.deleteProperty(secrets, pd);
	}, ['critical no-secret'], /Secret basic-pd-cluster-secret does not exist/v],
	['a Secret without ca.crt', secrets => {
		Object.assign(secrets[pd]!, {keys: ['tls.crt', 'tls.key'], bundle: readCertificates('')});
	}, ['critical no-key'], /has no ca\.crt/v],
	['a Secret that is immutable', secrets => {
		secrets[pd]!.immutable = true;
	}, ['warning immutable'], /is immutable/v],
	['a leaf that names no CA by key identifier', withLeaf(makeLeaf(ca, {hasKeyId: false})), ['warning no-key-id'], /has no Authority Key Identifier: beside a new CA .* --ca-ou/v],
	['the same beside a second CA of one subject', secrets => {
		withLeaf(makeLeaf(ca, {hasKeyId: false}))(secrets);
		everywhere(makeCa({subject}).cert, ca.cert)(secrets);
	}, ['critical same-subject'], /holds CAs of one subject .* OpenSSL may take the wrong one/v],
	['a leaf that names its CA, beside a second CA of one subject that has no identifier',
		everywhere(makeCa({subject, hasKeyId: false}).cert, ca.cert),
		cluster.components.map(() => 'critical same-subject'),
		/holds CAs of one subject .* OpenSSL may take the wrong one/v],
	['a leaf that names no CA, beside a second CA of another subject', secrets => {
		withLeaf(makeLeaf(ca, {hasKeyId: false}))(secrets);
		everywhere(makeCa({subject: {...subject, OU: '2'}}).cert, ca.cert)(secrets);
	}, ['warning no-key-id'], /has no Authority Key Identifier/v],
	['a certificate in a bundle that is no CA', withBundle(pd, ca.cert, leaves.pd!.cert), ['warning not-a-ca'], /holds a certificate that is no CA/v],
];

for (const [title, change, expected, words] of cases) {
	test(`${title} is found, and nothing else`, t => {
		const found = secretFindings(judged(change));
		t.deepEqual(found.map(({severity, code}) => `${severity} ${code}`), expected);
		t.regex(`${found[0]!.what} → ${found[0]!.fix}`, words);
	});
}

const quiet: Array<[title: string, change: (secrets: Record<string, SecretFacts>) => void]> = [
	['a healthy cluster', () => undefined],
	['a cluster whose keys were not read', secrets => {
		for (const secret of Object.values(secrets)) {
			secret.key = {};
		}
	}],
	['a cluster that trusts two CAs of one subject, by leaves that name theirs', everywhere(makeCa({subject}).cert, ca.cert)],
	['a cluster whose CA was made anew for its old key, which has expired by itself', everywhere(ca.cert, makeCa({ends: -1, key: ca.key}).cert)],
	['a bundle without a newline at its end', withBundle(pd, ca.cert.trimEnd())],
];

for (const [title, change] of quiet) {
	test(`${title} has no findings`, t => {
		t.deepEqual(secretFindings(judged(change)), []);
	});
}
