import test from 'ava';
import {readCertificates, readKey} from '../../../src/certificates/read.ts';
import type {
	Handshake,
	PodFacts,
	Presented,
	SecretFacts,
	Verdict,
} from '../../../src/observe/types.ts';
import {judge} from '../../../src/verify/judge.ts';
import type {Evidence} from '../../../src/verify/types.ts';
import {evidenceOf, material} from '../../helpers/evidence.ts';
import {
	makeCa,
	makeLeaf,
	type LeafOptions,
	type Pair,
} from '../../helpers/pki.ts';

const secretOf = ({observation: {secrets}}: Evidence, component: string): SecretFacts => secrets[component === 'client' ? 'basic-cluster-client-secret' : `basic-${component}-cluster-secret`]!;

const podOf = ({observation: {pods}}: Evidence, name: string): PodFacts => pods.find(pod => pod.name === name)!;

/** Writes a leaf into Secret and folder, mounts it, and lets the ports serve it: only the leaf itself can be wrong. */
const givesLeaf = (evidence: Evidence, component: 'pd' | 'tikv', options: LeafOptions, ca?: Pair): void => {
	const {observation} = evidence;
	const secret = secretOf(evidence, component);
	const {cert, key} = makeLeaf(ca ?? material().ca, {sans: secret.leaf.certificates[0]!.sans, ...options});
	const file = `${component}-server`;
	Object.assign(secret, {leaf: readCertificates(cert), key: readKey(key)});
	observation.folder.certificates[`${file}.pem`] = readCertificates(cert);
	observation.folder.keys[`${file}-key.pem`] = readKey(key);
	const insides = observation.inside.filter(({pod}) => podOf(evidence, pod).component === component);
	for (const inside of insides) {
		inside.leafDigest = secret.leaf.digest;
	}

	const handshakes = observation.handshakes.filter(one => one.component === component);
	for (const handshake of handshakes) {
		handshake.served = secret.leaf.certificates[0]!;
	}
};

const givesBundle = (evidence: Evidence, component: string, bundle: string): void => {
	secretOf(evidence, component).bundle = readCertificates(bundle);
};

const tried = ({observation: {handshakes}}: Evidence, pod: string, port: number, present: Presented): Handshake =>
	handshakes.find(one => one.pod === pod && one.port === port && one.present === present)!;

const answers = (evidence: Evidence, present: Presented, verdict: Verdict): void => {
	tried(evidence, 'basic-pd-1', 2379, present).verdict = verdict;
};

/** A port takes a leaf of a CA that was there before, and is in no bundle any more. */
const acceptsOld = (evidence: Evidence, pod: string, port: number): void => {
	const {folder, handshakes} = evidence.observation;
	folder.certificates['ca.old.pem'] = readCertificates(makeCa().cert);
	handshakes.push({...tried(evidence, pod, port, 'present'), present: 'old', verdict: 'accepted'});
};

type Case = {title: string; change: (evidence: Evidence) => void; codes: string[]; words?: RegExp};

const cases: Case[] = [
	{
		title: 'nothing', change() {/* As it is. */}, codes: [],
	},
	{
		title: 'a CN that the others do not have', change(evidence) {
			givesLeaf(evidence, 'pd', {subject: {CN: 'pd'}});
		}, codes: ['common-name'], words: /CN "pd", the others have "TiDB"/v,
	},
	{
		title: 'a CN that TiDB does not take', change(evidence) {
			evidence.observation.cluster.spec.tidb!.config = '[security]\ncluster-verify-cn = ["DB", \'Other\']\n';
		}, codes: ['common-name', 'stranger-accepted'], words: /tidb takes only "DB", "Other" \(cluster-verify-cn\)/v,
	},
	{
		title: 'a CN that PD takes by a configuration that is an object', change(evidence) {
			evidence.observation.cluster.spec.pd!.config = {security: {'cert-allowed-cn': ['TiDB']}};
		}, codes: [],
	},
	{
		title: 'a missing name of the documents', change(evidence) {
			givesLeaf(evidence, 'pd', {sans: secretOf(evidence, 'pd').leaf.certificates[0]!.sans.filter(name => name !== '::1')});
		}, codes: ['missing-name'], words: /lacks ::1 \(the documents have it\)/v,
	},
	{
		title: 'a Service of another name', change({observation}) {
			observation.sets.find(({component}) => component === 'pd')!.serviceName = 'elsewhere';
		}, codes: ['missing-name'], words: /basic-pd-0\.elsewhere\.tidb\.svc \(the pod is called by it\)/v,
	},
	{
		title: 'a member that is known by another name', change({observation}) {
			observation.cluster.status.tikv = {phase: 'Normal', stores: {1: {ip: 'store.example'}}};
		}, codes: ['missing-name'], words: /store\.example \(a member is known by it/v,
	},
	{
		title: 'addresses of pods that no certificate has', change(evidence) {
			podOf(evidence, 'basic-pd-0').address = '10.0.0.1';
		}, codes: [],
	},
	{
		title: 'the address of one pod only', change(evidence) {
			podOf(evidence, 'basic-pd-0').address = '10.0.0.1';
			podOf(evidence, 'basic-pd-1').address = '10.0.0.2';
			givesLeaf(evidence, 'pd', {sans: [...secretOf(evidence, 'pd').leaf.certificates[0]!.sans, '10.0.0.1']});
		}, codes: ['missing-name'], words: /lacks 10\.0\.0\.2 /v,
	},
	{
		title: 'a server that may be a client only', change(evidence) {
			givesLeaf(evidence, 'pd', {usages: ['client auth']});
		}, codes: ['usage'], words: /not for server auth/v,
	},
	{
		title: 'a leaf for any use', change(evidence) {
			givesLeaf(evidence, 'pd', {});
			secretOf(evidence, 'pd').leaf.certificates[0]!.extendedKeyUsages = ['2.5.29.37.0'];
		}, codes: [],
	},
	{
		title: 'a leaf that says no use', change(evidence) {
			givesLeaf(evidence, 'pd', {});
			secretOf(evidence, 'pd').leaf.certificates[0]!.extendedKeyUsages = [];
		}, codes: [],
	},
	{
		title: 'a list of names that is empty', change(evidence) {
			evidence.observation.cluster.spec.tidb!.config = '[security]\ncluster-verify-cn = []\n';
		}, codes: [],
	},
	{
		title: 'a member that is known by a URL of another name', change({observation}) {
			observation.cluster.status.pd = {phase: 'Normal', members: {one: {clientURL: 'https://member.example:2379'}}};
		}, codes: ['missing-name'], words: /lacks member\.example \(a member is known by it/v,
	},
	{
		title: 'a leaf that the folder lacks', change({observation: {folder}}) {
			delete folder.certificates['tikv-server.pem'];
		}, codes: ['folder-differs'], words: /has no tikv-server\.pem that can be read/v,
	},
	{
		title: 'an expired leaf', change(evidence) {
			givesLeaf(evidence, 'pd', {begins: -20, ends: -10});
		}, codes: ['expired'], words: /--keep-ca/v,
	},
	{
		title: 'a leaf that is not valid yet', change(evidence) {
			givesLeaf(evidence, 'pd', {begins: 10, ends: 20});
		}, codes: ['not-yet-valid'],
	},
	{
		title: 'a leaf that outlives its CA', change(evidence) {
			givesLeaf(evidence, 'pd', {ends: 9000});
		}, codes: ['outlives-ca'],
	},
	{
		title: 'a leaf of a CA that nobody trusts', change(evidence) {
			givesLeaf(evidence, 'pd', {}, makeCa());
		}, codes: ['not-trusted'], words: /signed by no CA of any Secret/v,
	},
	{
		title: 'a bundle that lacks the CA of the leaves', change(evidence) {
			givesBundle(evidence, 'tikv', makeCa().cert);
		}, codes: ['bundles-differ', 'folder-differs', 'mounted-differs', 'not-loaded', 'not-trusted'], words: /ca\.crt of Secret basic-tikv-cluster-secret lacks the CA/v,
	},
	{
		title: 'a bundle with a CA twice', change(evidence) {
			givesBundle(evidence, 'client', material().ca.cert + material().ca.cert);
		}, codes: ['duplicate-ca', 'folder-differs'],
	},
	{
		title: 'a leaf in the folder that is another', change({observation: {folder}}) {
			folder.certificates['tikv-server.pem'] = folder.certificates['pd-server.pem']!;
		}, codes: ['folder-differs'], words: /tikv-server\.pem .*is not the certificate in Secret/v,
	},
	{
		title: 'a key in the folder that is another\'s', change({observation: {folder}}) {
			folder.keys['tikv-server-key.pem'] = folder.keys['pd-server-key.pem']!;
		}, codes: ['folder-differs'], words: /tikv-server-key\.pem does not fit tikv-server\.pem/v,
	},
	{
		title: 'a folder that is not there', change({observation}) {
			Object.assign(observation.folder, {exists: false, certificates: {}, keys: {}});
		}, codes: [],
	},
	{
		title: 'a stale mount', change({observation}) {
			observation.inside.find(({pod}) => pod === 'basic-tikv-2')!.leafDigest = 'other';
		}, codes: ['mounted-differs'], words: /tls\.crt mounted in basic-tikv-2 is not/v,
	},
	{
		title: 'a port that serves another leaf', change(evidence) {
			const [other] = readCertificates(makeLeaf(material().ca).cert).certificates;
			for (const present of ['present', 'control'] as const) {
				tried(evidence, 'basic-pd-1', 2380, present).served = other!;
			}
		}, codes: ['served-differs'], words: /basic-pd-1 port 2380 \(peer\) serves serial/v,
	},
	{
		title: 'a port that serves a leaf of a CA that nobody trusts', change(evidence) {
			const [other] = readCertificates(makeLeaf(makeCa()).cert).certificates;
			for (const present of ['present', 'control'] as const) {
				tried(evidence, 'basic-pd-1', 2380, present).served = other!;
			}
		}, codes: ['not-trusted', 'served-differs'], words: /basic-pd-1 port 2380 \(peer\) serves a certificate .* does not vouch for/v,
	},
	{
		title: 'a port that serves nothing', change(evidence) {
			for (const present of ['present', 'control'] as const) {
				const handshake = tried(evidence, 'basic-pd-1', 2380, present);
				Object.assign(handshake, {verdict: 'unknown', detail: 'no answer within 5 s'});
				delete handshake.served;
			}
		}, codes: ['no-answer'], words: /basic-pd-1 port 2380 \(peer\) served no certificate: no answer/v,
	},
	{
		title: 'a port that refuses the client', change(evidence) {
			answers(evidence, 'present', 'rejected');
		}, codes: ['refused'], words: /basic-pd-1 port 2379 \(client\) refuses the cluster client certificate \(test\)/v,
	},
	{
		title: 'a port that refuses the client, of a pod that is being deleted', change(evidence) {
			answers(evidence, 'present', 'rejected');
			podOf(evidence, 'basic-pd-1').deleting = true;
		}, codes: [],
	},
	{
		title: 'a port that does not answer the client', change(evidence) {
			answers(evidence, 'present', 'unknown');
		}, codes: ['no-answer'], words: /neither accepted nor rejected the cluster client certificate/v,
	},
	{
		title: 'a port that takes a leaf of a CA that its Secret does not hold', change(evidence) {
			acceptsOld(evidence, 'basic-pd-1', 2379);
		}, codes: ['not-loaded'], words: /basic-pd-1 port 2379 \(client\) accepts a leaf of the CA \w+, which .* does not hold/v,
	},
	{
		title: 'a port that takes whatever leaf', change(evidence) {
			acceptsOld(evidence, 'basic-tidb-0', 10_080);
		}, codes: [],
	},
	{
		title: 'a port of PD that lets strangers in', change(evidence) {
			answers(evidence, 'control', 'accepted');
		}, codes: ['stranger-accepted'],
	},
	{
		title: 'an answer that is neither', change(evidence) {
			answers(evidence, 'control', 'unknown');
		}, codes: ['no-answer'], words: /neither accepted nor rejected a certificate of a CA that nobody trusts/v,
	},
	{
		title: 'a process older than its pod', change({observation}) {
			observation.inside.find(({pod}) => pod === 'basic-tikv-0')!.processStarted = 0;
		}, codes: ['not-loaded'], words: /basic-tikv-0: its process 1 runs since 1970/v,
	},
	{
		title: 'a process older than its pod, of which a handshake proves what it trusts', change({observation}) {
			observation.inside.find(({pod}) => pod === 'basic-pd-0')!.processStarted = 0;
		}, codes: [],
	},
	{
		title: 'a pod without a hash that was made before its Secret was written', change(evidence) {
			Object.assign(podOf(evidence, 'basic-tidb-0'), {material: '', created: '2025-12-31T00:00:00Z'});
		}, codes: ['not-loaded'], words: /basic-tidb-0: it was made at 2025-12-31T00:00:00Z, before/v,
	},
	{
		title: 'a pod without a hash that was made after its Secret was written', change(evidence) {
			podOf(evidence, 'basic-tidb-0').material = '';
		}, codes: [],
	},
	{
		title: 'a certificate error in a log, which the tool\'s own try left there', change({logs}) {
			logs.pods.push({
				namespace: 'tidb', pod: 'basic-pd-0', errors: [{time: 0, text: 'x509: no'}], isCut: false,
			});
			logs.tries.push({
				pod: 'basic-pd-0', from: 0, to: 0, rejected: 1,
			});
		}, codes: [],
	},
	{
		title: 'a certificate error in a log, and a try at another pod', change({logs}) {
			logs.pods.push({
				namespace: 'tidb', pod: 'basic-pd-0', errors: [{time: 0, text: 'x509: no'}], isCut: false,
			});
			logs.tries.push({
				pod: 'basic-pd-1', from: 0, to: 0, rejected: 1,
			});
		}, codes: ['log-errors'],
	},
	{
		title: 'a certificate error in a log', change({logs}) {
			logs.pods.push({
				namespace: 'tidb', pod: 'basic-pd-0', errors: [{time: 0, text: 'x509: no'}], isCut: false,
			});
		}, codes: ['log-errors'], words: /the log of basic-pd-0 has 1 line since .*x509: no/v,
	},
];

for (const {title, change, codes, words = /^/v} of cases) {
	test(`${title}: ${codes.length === 0 ? 'no finding' : codes.join(', ')}`, t => {
		const {findings} = judge(evidenceOf(change));
		t.deepEqual([...new Set(findings.map(({code}) => code))].toSorted(), codes, findings.map(({what}) => what).join('\n'));
		t.regex(findings.map(({what, fix}) => `${what} → ${fix}`).join('\n'), words);
	});
}

/** The proofs that failed: `<component> <pod> <port> <proof>`. */
const failedProofs = (change: (evidence: Evidence) => void): string[] => judge(evidenceOf(change)).rows.flatMap(({component, pod, port, proofs}) =>
	Object.entries(proofs).filter(([, {result}]) => result === 'no').map(([proof]) => `${component} ${pod} ${port} ${proof}`));

test('a finding about one port is in that row only', t => {
	t.deepEqual(failedProofs(evidence => {
		answers(evidence, 'present', 'rejected');
	}), ['pd basic-pd-1 2379 clients']);
});

test('a finding about a Secret is in every row of its component', t => {
	t.deepEqual(failedProofs(evidence => {
		givesLeaf(evidence, 'pd', {subject: {CN: 'pd'}});
	}), [0, 1, 2].flatMap(ordinal => [2379, 2380].map(port => `pd basic-pd-${ordinal} ${port} commonName`)));
});

test('what a container does not let itself be asked is unknown, and said', t => {
	const {rows, notes, findings} = judge(evidenceOf(({observation}) => {
		observation.inside = observation.pods.map(({name}) => ({pod: name, problem: 'forbidden'}));
	}));
	t.deepEqual(findings, []);
	t.deepEqual([...new Set(rows.map(({pod, proofs}) => pod === undefined ? '' : proofs.mounted.result))], ['unknown', '']);
	t.regex(notes.join('\n'), /basic-pd-0 could not be looked into \(forbidden\)/v);
});

test('a port of TiDB that checks nobody is said, and no fault', t => {
	const {notes, findings} = judge(evidenceOf());
	t.deepEqual(findings, []);
	t.regex(notes.join('\n'), /basic-tidb-0 port 10080 \(status\) checks no client certificates; it does with cluster-verify-cn/v);
});

test('a canary that is refused although the bundle holds its CA says that the process has not loaded it', t => {
	const fresh = makeCa();
	const {findings} = judge(evidenceOf(evidence => {
		const {observation} = evidence;
		const both = fresh.cert + material().ca.cert;
		observation.folder.certificates['ca.new.pem'] = readCertificates(fresh.cert);
		for (const component of ['pd', 'tikv', 'tidb', 'client']) {
			givesBundle(evidence, component, both);
		}

		observation.handshakes.push({...tried(evidence, 'basic-pd-2', 2379, 'present'), present: 'canary', verdict: 'rejected'});
	}));
	t.regex(findings.map(({what}) => what).join('\n'), /basic-pd-2 port 2379 \(client\) refuses a leaf of the CA \w+, which ca\.crt of Secret basic-pd-cluster-secret holds/v);
});

test('a name that is lacking for two reasons is told once', t => {
	const {findings} = judge(evidenceOf(({observation}) => {
		observation.sets.find(({component}) => component === 'pd')!.serviceName = 'elsewhere';
		observation.cluster.status.pd = {phase: 'Normal', members: {one: {clientURL: 'https://basic-pd-0.elsewhere.tidb.svc:2379'}}};
	}));
	t.is(findings[0]!.what.split('basic-pd-0.elsewhere.tidb.svc').length, 2, findings[0]!.what);
});

/** What is found, and said, where every bundle holds these CAs. */
const withBundles = (cas: Pair[], change: (evidence: Evidence) => void = () => undefined) => judge(evidenceOf(evidence => {
	for (const component of ['pd', 'tikv', 'tidb', 'client']) {
		givesBundle(evidence, component, cas.map(({cert}) => cert).join(''));
	}

	change(evidence);
}));

test('a CA that has expired and signed a leaf in use is a finding', t => {
	const ended = makeCa({begins: -400, ends: -1});
	const {findings} = withBundles([material().ca, ended], evidence => {
		givesLeaf(evidence, 'pd', {}, ended);
	});
	const found = findings.filter(({code}) => code === 'expired').map(({what, fix}) => `${what} → ${fix}`);
	t.is(found.length, 1);
	t.regex(found[0]!, /^the CA C=US,O=PingCAP,CN=TiDB \(serial \w+\) has expired at .* → .* --accept-outage$/v);
});

test('a CA that has expired and signed no leaf in use is said, and no fault', t => {
	const {findings, notes} = withBundles([material().ca, makeCa({begins: -400, ends: -1})]);
	t.false(findings.some(({code}) => code === 'expired'));
	t.regex(notes.join('\n'), /has expired at .*; it signed no certificate in use/v);
});

test('a leaf counts until the last of the CAs ends that were made for one key', t => {
	const {ca} = material();
	const {findings} = withBundles([makeCa({ends: 20, key: ca.key}), ca]);
	t.false(findings.some(({code}) => code === 'outlives-ca'));
});

test('bundles of the same CAs in another order do not differ', t => {
	const another = makeCa();
	const {findings} = withBundles([material().ca, another], evidence => {
		givesBundle(evidence, 'pd', another.cert + material().ca.cert);
	});
	t.false(findings.some(({code}) => code === 'bundles-differ'));
});

test('that there is no folder is said', t => {
	const {notes} = judge(evidenceOf(({observation}) => {
		Object.assign(observation.folder, {exists: false, certificates: {}, keys: {}});
	}));
	t.regex(notes.join('\n'), /^there is no cluster folder clusters\/basic/mv);
});
