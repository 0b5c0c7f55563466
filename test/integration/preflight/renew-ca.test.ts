import {
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {readCertificates} from '../../../src/certificates/read.ts';
import {folderProblems} from '../../../src/judge/folder.ts';
import {check} from '../../../src/run/preflight/check.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {renewalProblems, renewedCaProblems} from '../../../src/run/preflight/renew-ca.ts';
import {healthy, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf, type Pair} from '../../helpers/pki.ts';

const ending = makeCa({ends: 200});
const leaf = makeLeaf(ending, {ends: 335});

/** A cluster whose CA ends before leaves that would be made now, or with another CA. */
const asked = (change?: (facts: Facts) => void, ca: Pair = ending, leaves: Pair = leaf): Facts => healthy(facts => {
	facts.target = {...facts.target, route: 'renew-ca', leaves: []};
	facts.observation = observationOf({
		ca,
		leaves: {
			pd: leaves, tikv: leaves, tidb: leaves, client: leaves,
		},
	});
	change?.(facts);
});

test('where the CA is what ends, nothing bars its renewal', t => {
	t.deepEqual(check(asked()), []);
});

test('where the CA outlives leaves that would be made now, it is refused and leads to --keep-ca', t => {
	const lasting = makeCa();
	const [problem] = renewalProblems(asked(undefined, lasting, makeLeaf(lasting)));
	t.is(problem?.code, 'ca-not-due');
	t.regex(problem?.fix ?? '', /--keep-ca$/v);
});

test('what is under way is not asked again whether it gains anything', t => {
	const lasting = makeCa();
	const resumed = asked(facts => {
		facts.isResumed = true;
	}, lasting, makeLeaf(lasting));
	t.deepEqual(renewalProblems(resumed), []);
});

test('without ca-key.pem it is refused, and the way that needs no key is named', t => {
	const [problem, ...others] = folderProblems(asked(({observation}) => {
		delete observation.folder.keys['ca-key.pem'];
	}));
	t.deepEqual(others, []);
	t.is(problem?.code, 'no-ca-key');
	t.regex(problem?.what ?? '', /cannot be made anew/v);
	t.regex(problem?.fix ?? '', /^without --renew-ca the CA is replaced/v);
});

test('a lost folder has no key of the CA: refused', t => {
	const found = folderProblems(asked(({observation}) => {
		observation.folder = {
			...observation.folder, exists: false, certificates: {}, keys: {},
		};
	}));
	t.deepEqual(found.map(({code}) => code), ['no-ca-key']);
});

test('a key that does not fit is refused', t => {
	t.deepEqual(folderProblems(asked(({observation}) => {
		observation.folder.keys['ca-key.pem'] = {publicKey: 'ab'};
	})).map(({code}) => code), ['key-misfit']);
});

test('once the certificate is made, its key is not needed any more', t => {
	const renewed = makeCa({key: ending.key, ends: 3650});
	t.deepEqual(folderProblems(asked(facts => {
		facts.isResumed = true;
		facts.observation.folder.certificates['ca.pem'] = readCertificates(renewed.cert);
		facts.observation.secrets['basic-pd-cluster-secret']!.bundle = readCertificates(renewed.cert);
		delete facts.observation.folder.keys['ca-key.pem'];
	})), []);
});

test('once the certificate is made, it may be in no Secret yet', t => {
	const renewed = readCertificates(makeCa({key: ending.key, ends: 3650}).cert);
	const begun = (facts: Facts): void => {
		facts.isResumed = true;
		facts.observation.folder.certificates['ca.pem'] = renewed;
	};

	t.deepEqual(folderProblems(asked(begun)), []);
	t.deepEqual(folderProblems(asked(facts => {
		begun(facts);
		facts.observation.folder.certificates['ca.pem'] = readCertificates(makeCa({ends: 3650}).cert);
	})).map(({code}) => code), ['stale', 'key-misfit']);
});

test('a folder with the CA from before, while the Secrets have it made anew, leads to the way back', t => {
	const renewed = readCertificates(makeCa({key: ending.key, ends: 3650}).cert);
	const [problem] = folderProblems(asked(({observation}) => {
		for (const secret of Object.values(observation.secrets)) {
			secret.bundle = renewed;
		}
	}));
	t.regex(problem?.fix ?? '', /npm run rollback/v);
});

test('another TidbCluster of the same CA goes on trusting it, whichever certificate it has', t => {
	const {certificates} = readCertificates(ending.cert);
	const shared = (facts: Facts): void => {
		facts.others = [{
			name: 'other', namespace: 'tidb', uid: 'of other', cas: certificates.map(({publicKey}) => publicKey),
		}];
	};

	t.deepEqual(check(asked(shared)), []);
	t.deepEqual(check(asked(facts => {
		shared(facts);
		facts.target = {...facts.target, route: 'new-ca'};
	})).map(({code}) => code), ['shared-ca']);
});

test('a CA that has expired is refused: its processes refuse each other already', t => {
	const expired = makeCa({ends: -1});
	const problems = check(asked(undefined, expired, makeLeaf(expired)));
	t.true(problems.some(({code, fix}) => code === 'expired' && fix?.includes('--accept-outage') === true));
});

test('a leaf that names its CA by serial number is refused by OpenSSL with the renewed one, and is named', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-serial-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const openssl = async (...args: string[]): Promise<unknown> => execa('openssl', args, {cwd: folder});
	await writeFile(path.join(folder, 'leaf.ext'), 'authorityKeyIdentifier=keyid,issuer:always\n');
	const [ca, renewed] = [['ca', '10'], ['renewed', '20']] as const;
	await openssl('genrsa', '-out', 'ca-key.pem', '2048');
	for (const [name, days] of [ca, renewed]) {
		await openssl('req', '-x509', '-new', '-key', 'ca-key.pem', '-subj', '/O=PingCAP/CN=TiDB', '-days', days, '-out', `${name}.pem`);
	}

	await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=leaf', '-keyout', 'leaf-key.pem', '-out', 'leaf.csr');
	await openssl('x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-set_serial', '7', '-days', '5', '-extfile', 'leaf.ext', '-out', 'leaf.pem');
	const read = async (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
	const facts = asked();
	facts.observation.folder.certificates['ca.pem'] = readCertificates(await read('ca.pem'));
	facts.observation.secrets['basic-tikv-cluster-secret']!.leaf = readCertificates(await read('leaf.pem'));
	const problems = await renewedCaProblems(facts, await read('renewed.pem'));
	t.deepEqual(problems.map(({code}) => code), ['names-its-ca']);
	t.regex(problems[0]!.what, /^the certificate in Secret basic-tikv-cluster-secret verifies/v);
});

test('leaves that name their CA by its key alone pass', async t => {
	t.deepEqual(await renewedCaProblems(asked(), makeCa({key: ending.key, ends: 3650}).cert), []);
});
