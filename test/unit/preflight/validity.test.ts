import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {chainProblems, expiryProblems} from '../../../src/run/preflight/validity.ts';
import {healthy, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf, type LeafOptions} from '../../helpers/pki.ts';

const ca = makeCa();
const leaf = makeLeaf(ca);

/** A cluster whose PD leaf is another one; the others are usual. */
const withPd = (options: LeafOptions, change?: (facts: Facts) => void): Facts => healthy(facts => {
	facts.observation = observationOf({
		ca,
		leaves: {
			pd: makeLeaf(ca, options), tikv: leaf, tidb: leaf, client: leaf,
		},
	});
	change?.(facts);
});

const codes = (facts: Facts): string[] => expiryProblems(facts).map(({code}) => code);

test('an expired leaf is refused and leads to --keep-ca', t => {
	const [problem] = expiryProblems(withPd({begins: -30, ends: -1}));
	t.is(problem!.code, 'expired');
	t.regex(problem!.what, /^the certificate in Secret basic-pd-cluster-secret has expired at /v);
	t.regex(problem!.fix!, /--keep-ca/v);
});

test('an expired leaf does not bar the cure by --keep-ca', t => {
	t.deepEqual(codes(withPd({begins: -30, ends: -1}, facts => {
		facts.isCure = true;
	})), []);
});

test('a leaf that expires before the rotation may have ended is refused', t => {
	t.deepEqual(codes(withPd({ends: 1 / 48})), ['expires-soon']);
	t.deepEqual(codes(withPd({ends: 1 / 12})), []);
});

test('a leaf that is not valid yet is refused', t => {
	t.deepEqual(codes(withPd({begins: 1})), ['not-yet-valid']);
});

test('nothing that expires bars a resume', t => {
	t.deepEqual(codes(withPd({begins: -30, ends: -1}, facts => {
		facts.isResumed = true;
	})), []);
});

/** A cluster whose CA has expired, and its leaves with it. */
const pastItsCa = (change: (facts: Facts) => void = () => undefined): Facts => healthy(facts => {
	const old = makeCa({ends: -1});
	const leaves = makeLeaf(old);
	facts.observation = observationOf({
		ca: old,
		leaves: {
			pd: leaves, tikv: leaves, tidb: leaves, client: leaves,
		},
	});
	change(facts);
});

test('where cert-manager issues, an expired CA leads to the documents\' way with an outage', t => {
	const [problem] = expiryProblems(pastItsCa(facts => {
		facts.cluster = {...facts.cluster, issuance: documentedIssuance(facts.cluster)};
	}));
	t.regex(problem!.fix!, /npm run rotate -- --as-documented --accept-outage/v);
});

test('an expired CA is named once and leads to the route with an outage', t => {
	const problems = expiryProblems(pastItsCa());
	t.deepEqual(problems.map(({code}) => code), ['expired']);
	t.regex(problems[0]!.fix!, /npm run issue -- --accept-outage/v);
});

test('an expired CA that signed nothing bars nothing, also beside a leaf that outlives its CA', t => {
	t.deepEqual(codes(withPd({ends: 4000}, ({observation: {secrets}}) => {
		secrets['basic-pd-cluster-secret']!.bundle = readCertificates(makeCa({ends: -1}).cert + ca.cert);
	})), []);
});

test('every leaf verifies against every bundle of a cluster at rest', t => {
	t.deepEqual(chainProblems(healthy()), []);
});

test('a Secret whose bundle lacks the CA of the others is named with them', t => {
	const problems = chainProblems(healthy(({observation: {secrets}}) => {
		secrets['basic-tidb-cluster-secret']!.bundle = readCertificates(makeCa().cert);
	}));
	t.is(problems.length, 4);
	t.regex(problems[0]!.what, /^the certificate in Secret basic-pd-cluster-secret does not verify against ca\.crt of Secret basic-tidb-cluster-secret: /v);
	t.regex(problems[2]!.what, /ca\.crt of the same Secret/v);
});

test('that a leaf has expired is not taken for a broken chain', t => {
	t.deepEqual(chainProblems(withPd({begins: -30, ends: -1})), []);
});

const endingSoon = (change: (facts: Facts) => void = () => undefined): string => {
	const near = makeCa({ends: 1 / 48});
	const leaves = makeLeaf(near);
	const facts = healthy(one => {
		one.observation = observationOf({
			ca: near,
			leaves: {
				pd: leaves, tikv: leaves, tidb: leaves, client: leaves,
			},
		});
		change(one);
	});
	return expiryProblems(facts).find(({code}) => code === 'expires-soon')?.fix ?? '';
};

test('a CA that ends before a new one could be everywhere leads to the outage, or to its renewal with the key that it has', t => {
	t.regex(endingSoon(), /^new certificates .* --accept-outage; or, where expiry is the only reason, .* --renew-ca$/v);
});

for (const [title, change] of [
	['whose key counts as stolen', ({target}) => {
		target.reason = 'compromised';
	}],
	['whose key is not at hand', ({observation}) => {
		delete observation.folder.keys['ca-key.pem'];
	}],
	['that is being renewed so', ({target}) => {
		target.route = 'renew-ca';
	}],
] satisfies Array<[string, (facts: Facts) => void]>) {
	test(`to a CA that ends soon ${title} its renewal is not offered`, t => {
		t.regex(endingSoon(change), /--accept-outage$/v);
	});
}
