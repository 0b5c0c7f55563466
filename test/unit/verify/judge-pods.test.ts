import test from 'ava';
import {readCertificates} from '../../../src/certificates/read.ts';
import {material} from '../../helpers/evidence.ts';
import {
	acceptsOld,
	answers,
	foundAfter,
	podOf,
	tried,
	type Case,
} from '../../helpers/evidence-changes.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const cases: Case[] = [
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
		const found = foundAfter(change);
		t.deepEqual(found.codes, codes, found.text);
		t.regex(found.text, words);
	});
}
