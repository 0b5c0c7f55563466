import test from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import type {IssuanceFacts} from '../../../src/observe/issuance-types.ts';
import {missingSecret} from '../../../src/observe/secrets.ts';
import {noFolder} from '../../../src/observe/folder.ts';
import type {StatusInput} from '../../../src/status/cluster-status.ts';
import type {Finding} from '../../../src/status/findings.ts';
import type {ClusterStatus, SecretStatus} from '../../../src/status/schema.ts';
import {daysFrom, issuanceFor, requestFor} from '../../helpers/issuance.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';
import {healthyStatus} from '../../helpers/status.ts';

const day = 86_400_000;
const pd = 'basic-pd-cluster-secret';

/** Something that was found beside the Secrets. */
const beside: Finding = {
	code: 'folder-mode', severity: 'warning', what: 'a key may be read by all', fix: 'chmod', secret: null,
};

const levels: Array<[title: string, change: (input: StatusInput) => void, level: ClusterStatus['level']]> = [
	['healthy', () => undefined, 'ok'],
	['whose latest safe start is within --warn', input => {
		input.now += 310 * day;
	}, 'warning'],
	['whose latest safe start is within --critical', input => {
		input.now += 330 * day;
	}, 'critical'],
	['whose certificates have expired', input => {
		input.now += 400 * day;
	}, 'critical'],
	['whose rotation would not end before the certificates do', input => {
		input.replicas = 200_000;
	}, 'critical'],
	['that is broken', input => {
		input.secrets[pd] = missingSecret(pd);
	}, 'critical'],
	['with something that is not broken yet', input => {
		input.secrets[pd]!.immutable = true;
	}, 'warning'],
	['that stands nobody knows where', input => {
		input.position = {name: 'unclear', why: ['the Secrets trust 3 CAs']};
	}, 'warning'],
	['of which something else is said', input => {
		input.more = [beside];
	}, 'warning'],
	['in the middle of a rotation', input => {
		input.position = {name: 'reissue', why: []};
	}, 'ok'],
];

for (const [title, change, level] of levels) {
	test(`a cluster ${title} is ${level}`, t => {
		t.is(healthyStatus(change).level, level);
	});
}

const dues: Array<[title: string, change: (input: StatusInput) => void, words: RegExp]> = [
	['at rest, with a CA that lasts', () => undefined, /^renew the certificates: npm run rotate -- --cluster basic -n tidb --keep-ca$/v],
	['at rest, with two CAs of which one ends before new leaves would', input => {
		const [near, far] = [makeCa({ends: 400}), makeCa()];
		const bundle = readCertificates(near.cert + far.cert);
		for (const [index, secret] of Object.values(input.secrets).entries()) {
			Object.assign(secret, {leaf: readCertificates(makeLeaf(index === 0 ? near : far).cert), key: {}, bundle});
		}
	}, /^replace the CA and the certificates: /v],
	['at rest, with a CA that ends before new leaves would', input => {
		const ca = makeCa({ends: 400});
		for (const secret of Object.values(input.secrets)) {
			Object.assign(secret, {leaf: readCertificates(makeLeaf(ca).cert), key: {}, bundle: readCertificates(ca.cert)});
		}
	}, /^replace the CA and the certificates: npm run rotate -- --cluster basic -n tidb$/v],
	['at rest, with a CA that ends before leaves that would be made now, and its key in the folder', input => {
		const ca = makeCa({ends: 200});
		for (const secret of Object.values(input.secrets)) {
			Object.assign(secret, {leaf: readCertificates(makeLeaf(ca).cert), key: {}, bundle: readCertificates(ca.cert)});
		}

		input.folder.keys['ca-key.pem'] = readKey(ca.key);
	}, /^replace the CA and the certificates: npm run rotate -- --cluster basic -n tidb; or, where expiry is the only reason, .* --renew-ca$/v],
	['at rest, with a CA that ends before leaves that would be made now, and no key of it', input => {
		const ca = makeCa({ends: 200});
		for (const secret of Object.values(input.secrets)) {
			Object.assign(secret, {leaf: readCertificates(makeLeaf(ca).cert), key: {}, bundle: readCertificates(ca.cert)});
		}

		delete input.folder.keys['ca-key.pem'];
	}, /^replace the CA and the certificates: npm run rotate -- --cluster basic -n tidb$/v],
	['whose CA certificate is being made anew', input => {
		input.position = {name: 'CA renewal', why: []};
	}, /^go on with the renewal of the CA's certificate: .* --renew-ca$/v],
	['in a renewal', input => {
		input.position = {name: 'renewal', why: []};
	}, /^go on with the renewal: .* --keep-ca$/v],
	['that stands nobody knows where', input => {
		input.position = {name: 'unclear', why: []};
	}, /^see what the Secrets and the folder hold: .* --dry-run$/v],
	['that is broken', input => {
		input.secrets[pd] = missingSecret(pd);
	}, /^now: npm run issue/v],
	['of cert-manager', input => {
		input.secrets = Object.fromEntries(Object.entries(input.secrets).map(([name, secret]) => [name, {...secret, owners: [{kind: 'Certificate', name}]}]));
	}, /^cert-manager renews these certificates by itself; see kubectl get certificates -n tidb$/v],
];

for (const name of ['begun', 'trust', 'reissue'] as const) {
	dues.push([`in ${name}`, input => {
		input.position = {name, why: []};
	}, /^go on with the rotation: npm run rotate -- --cluster basic -n tidb$/v]);
}

for (const name of ['old CA still trusted', 'retire'] as const) {
	dues.push([`in ${name}`, input => {
		input.position = {name, why: []};
	}, /^take the old CA away: .* --retire-old-ca$/v]);
}

for (const [title, change, words] of dues) {
	test(`what is due of a cluster ${title} is said: ${words.source}`, t => {
		t.regex(healthyStatus(change).due.what, words);
	});
}

/** A cluster that cert-manager looks after, with what a test changes. */
const issued = (change: (issuance: IssuanceFacts, input: StatusInput) => void = () => undefined) => (input: StatusInput): void => {
	input.issuance = issuanceFor(input);
	change(input.issuance, input);
};

const issuedCases: Array<[title: string, change: (input: StatusInput) => void, level: ClusterStatus['level'], words: RegExp]> = [
	[
		'with nothing wrong',
		issued(),
		'ok',
		/^cert-manager renews these certificates by itself, but the CA .* ends at .*: replace CA and certificates before: npm run rotate -- --cluster basic -n tidb$/v,
	],
	['whose leaves are about to be renewed', issued((_, input) => {
		input.now += 318 * day;
	}), 'ok', /^cert-manager renews these certificates by itself, but the CA/v],
	['whose CA gets another key in a year', issued(({certificates}, {now}) => {
		Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: daysFrom(now, 365)});
	}), 'ok', /, but cert-manager renews the CA \(Certificate basic-ca\) with another key at /v],
	['whose CA gets another key in 20 days', issued(({certificates}, {now}) => {
		Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: daysFrom(now, 20)});
	}), 'warning', /, but cert-manager renews the CA \(Certificate basic-ca\) with another key at /v],
	['whose CA gets another key in 5 days', issued(({certificates}, {now}) => {
		Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: daysFrom(now, 5)});
	}), 'critical', /, but cert-manager renews the CA \(Certificate basic-ca\) with another key at /v],
	['whose CA got another key', issued(({certificates}, {now}) => {
		Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', notBefore: daysFrom(now, -1)});
	}), 'warning', /the CA \(Certificate basic-ca\) was renewed with another key, and the first certificate of it comes at /v],
	['whose Certificates are put aside', issued(issuance => {
		issuance.certificates = [];
	}), 'warning', /^Certificates are put aside, so go on with the rotation, or apply them again, before \d{4}-.*Z: .* --retire-old-ca$/v],
	['of which a try has failed', issued(({certificates}, {now}) => {
		Object.assign(certificates[0]!, {lastFailureTime: daysFrom(now, -1), failedAttempts: 1});
	}), 'warning', /^see why: kubectl describe certificate basic-pd-cluster-secret -n tidb; /v],
	['whose Certificates may not be read', issued((_, input) => {
		input.issuance = {
			certificates: [], issuers: [], requests: [], unread: [{kind: 'Certificate', why: 'forbidden'}],
		};
	}), 'ok', /^cert-manager renews these certificates by itself; see kubectl get certificates -n tidb$/v],
	['of which one Secret is not its', issued((issuance, {secrets}) => {
		secrets[pd]!.annotations = {};
		issuance.certificates = issuance.certificates.filter(({name}) => name !== pd);
	}), 'warning', /^make all of them by one: /v],
	['that is broken', issued((_, {secrets}) => {
		secrets[pd]!.keys = [];
	}), 'critical', /^now: /v],
];

for (const [title, change, level, words] of issuedCases) {
	test(`a cluster of cert-manager ${title} is ${level}, and what is due is said: ${words.source}`, t => {
		const status = healthyStatus(change);
		t.is(status.level, level);
		t.regex(status.due.what, words);
	});
}

test('the CA that gets another key is due before that, less three restarts of each pod', t => {
	let renewal = '';
	const {due, rotation} = healthyStatus(issued(({certificates}, {now}) => {
		renewal = daysFrom(now, 200);
		Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: renewal});
	}));
	t.is(rotation.seconds, 3 * (120 + (8 * 120)));
	t.is(Date.parse(due.latestSafeStart!), Date.parse(renewal) - (rotation.seconds * 1000));
});

test('of cert-manager is told what it has issued, for what, and when it does so again', t => {
	const {issuance} = healthyStatus(issued((facts, {now}) => {
		const [certificate] = facts.certificates;
		Object.assign(certificate!, {lastFailureTime: '2026-01-01T00:00:00Z', failedAttempts: 2});
		facts.requests.push(requestFor(certificate!, daysFrom(now, -1)));
	}));
	t.like(issuance, {
		by: 'cert-manager', known: true, version: 'v1.11.5', aside: [],
	});
	t.deepEqual(issuance!.certificates.map(({name, role, component, keepsKey}) => [name, role, component, keepsKey]), [
		['basic-pd-cluster-secret', 'component', 'pd', true],
		['basic-tikv-cluster-secret', 'component', 'tikv', true],
		['basic-tidb-cluster-secret', 'component', 'tidb', true],
		['basic-cluster-client-secret', 'component', 'client', true],
		['basic-ca', 'ca', null, true],
	]);
	t.like(issuance!.certificates[0], {
		secret: 'basic-pd-cluster-secret',
		issuer: 'Issuer basic-tidb-issuer',
		ready: true,
		revision: 3,
		failedAttempts: 2,
		nextTry: '2026-01-01T02:00:00.000Z',
		request: {name: 'basic-pd-cluster-secret-4', outcome: 'denied', why: 'policy: nobody may'},
	});
	t.like(issuance!.certificates[1], {nextTry: null, request: null});
});

test('of a cluster of cfssl nothing is told about cert-manager', t => {
	t.is(healthyStatus().issuance, null);
});

test('Secrets that nobody renews are told with their end', t => {
	const {issuance, secrets} = healthyStatus(issued(facts => {
		facts.certificates = facts.certificates.filter(({name}) => name !== pd);
	}));
	t.deepEqual(issuance!.aside, [{certificate: pd, secret: pd, notAfter: secrets[0]!.certificate!.notAfter}]);
});

const issuers: Array<[title: string, change: (input: StatusInput) => void, issuer: SecretStatus['issuedBy']]> = [
	['the folder holds the certificate', () => undefined, 'cfssl folder'],
	['the folder holds the certificate, and its CA no more', input => {
		delete input.folder.certificates['ca.pem'];
	}, 'cfssl folder'],
	['the folder holds only its CA', input => {
		delete input.folder.certificates['pd-server.pem'];
	}, 'cfssl folder'],
	['the folder is not here', input => {
		input.folder = noFolder('clusters/basic');
	}, 'unknown'],
	['the folder is another one', input => {
		input.folder.certificates = {'ca.pem': readCertificates(makeCa().cert)};
	}, 'unknown'],
	['cert-manager has annotated the Secret', input => {
		input.secrets[pd]!.annotations = {'cert-manager.io/certificate-name': 'pd'};
	}, 'cert-manager'],
	['a Certificate owns the Secret', input => {
		input.secrets[pd]!.owners = [{kind: 'Certificate', name: 'pd'}];
	}, 'cert-manager'],
	['a Certificate names the Secret', input => {
		const {certificates, ...issuance} = issuanceFor(structuredClone(input));
		input.issuance = {...issuance, certificates: certificates.filter(({secretName}) => secretName === pd)};
	}, 'cert-manager'],
];

for (const [title, change, issuer] of issuers) {
	test(`the issuer is ${issuer} where ${title}`, t => {
		t.is(healthyStatus(change).secrets[0]!.issuedBy, issuer);
	});
}

test('what was found beside the Secrets is among the findings', t => {
	const {findings} = healthyStatus(input => {
		input.more = [beside];
	});
	t.deepEqual(findings, [beside]);
});

test('that it cannot be told where a cluster stands is not said where something else explains it', t => {
	const {findings} = healthyStatus(input => {
		input.position = {name: 'unclear', why: ['a Secret is missing']};
		input.more = [beside];
	});
	t.deepEqual(findings, [beside]);
});

test('a folder that is not here is not named', t => {
	const {folder} = healthyStatus(input => {
		input.folder = noFolder('clusters/basic');
	});
	t.is(folder, null);
});

for (const [after, expected] of [[-1.5, 1], [-0.5, 0], [0.5, -1]] as const) {
	test(`${after} days after its expiry a certificate has ${expected} whole days left`, t => {
		const {earliestExpiry, secrets} = healthyStatus(input => {
			input.now = Date.parse(input.secrets[pd]!.leaf.certificates[0]!.notAfter) + (after * day);
		});
		t.is(secrets[0]!.certificate!.daysLeft, expected);
		t.is(earliestExpiry!.daysLeft, expected);
	});
}
