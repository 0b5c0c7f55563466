import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {judge} from '../../../src/verify/judge.ts';
import type {Evidence} from '../../../src/verify/types.ts';
import {evidenceOf, material} from '../../helpers/evidence.ts';
import {
	answers,
	givesBundle,
	givesLeaf,
	tried,
} from '../../helpers/evidence-changes.ts';
import {makeCa, type Pair} from '../../helpers/pki.ts';

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
	t.regex(notes.join('\n'), /which signed no present certificate, has expired at .* it can be retired$/mv);
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
