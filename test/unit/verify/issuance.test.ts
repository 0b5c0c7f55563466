import test from 'ava';
import {judge} from '../../../src/verify/judge.ts';
import type {Evidence} from '../../../src/verify/types.ts';
import {evidenceOf} from '../../helpers/evidence.ts';
import {type Case, foundAfter, givesLeaf} from '../../helpers/evidence-changes.ts';
import {certificateNamed, daysFrom, issuanceFor} from '../../helpers/issuance.ts';

const pd = 'basic-pd-cluster-secret';

/** Lets cert-manager look after the cluster, and a test change what it says. */
const issued = (change: (issuance: ReturnType<typeof issuanceFor>, evidence: Evidence) => void = () => undefined) => (evidence: Evidence): void => {
	evidence.observation.issuance = issuanceFor(evidence.observation);
	change(evidence.observation.issuance, evidence);
};

const cases: Case[] = [
	{title: 'nothing', change: issued(), codes: []},
	{
		title: 'a CA that gets another key in 20 days', change: issued(({certificates}, {observation: {now}}) => {
			Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: daysFrom(now, 20)});
		}), codes: ['ca-renews'], words: /by its rotationPolicy Always it gets another key.* → replace the CA before, in order: npm run rotate/v,
	},
	{
		title: 'a CA that gets another key in 40 days', change: issued(({certificates}, {observation: {now}}) => {
			Object.assign(certificates.at(-1)!, {rotationPolicy: 'Always', renewalTime: daysFrom(now, 40)});
		}), codes: [],
	},
	{
		title: 'a Certificate that is not there', change: issued(issuance => {
			issuance.certificates = issuance.certificates.filter(({name}) => name !== pd);
		}), codes: ['certificate-aside'],
	},
	{
		title: 'a Secret that cfssl has made', change: issued((issuance, {observation: {secrets}}) => {
			secrets[pd]!.annotations = {};
			issuance.certificates = issuance.certificates.filter(({name}) => name !== pd);
		}), codes: ['mixed-issuance'],
	},
	{
		title: 'a Certificate that asks for another CN', change: issued(issuance => {
			certificateNamed(issuance, pd).commonName = 'PD';
		}), codes: ['certificate-differs'], words: /its CN is "TiDB", not "PD"/v,
	},
	{
		title: 'tries that have failed', change: issued((issuance, {observation: {now}}) => {
			Object.assign(certificateNamed(issuance, pd), {lastFailureTime: daysFrom(now, -1), failedAttempts: 6});
		}), codes: ['request-failed'], words: /waits 32 h/v,
	},
	{
		title: 'a folder of earlier certificates', change: issued((_, {observation: {folder}}) => {
			folder.certificates['pd-server.pem'] = folder.certificates['tikv-server.pem']!;
		}), codes: [],
	},
	{
		title: 'a folder of other certificates, while Certificates are put aside', change: issued((issuance, {observation: {folder}}) => {
			issuance.certificates = [];
			folder.certificates['pd-server.pem'] = folder.certificates['tikv-server.pem']!;
		}), codes: ['certificate-aside', 'folder-differs'],
	},
];

for (const {title, change, codes, words = /^/v} of cases) {
	test(`of a cluster that cert-manager looks after, ${title}: ${codes.length === 0 ? 'no finding' : codes.join(', ')}`, t => {
		const found = foundAfter(change);
		t.deepEqual(found.codes, codes, found.text);
		t.regex(found.text, words);
	});
}

test('a Certificate that differs is told of its component', t => {
	const {findings} = judge(evidenceOf(issued((_, evidence) => {
		givesLeaf(evidence, 'pd', {subject: {CN: 'TiDB'}, usages: ['server auth', 'client auth'], sans: ['basic-pd']});
	})));
	t.like(findings.find(({code}) => code === 'certificate-differs'), {component: 'pd'});
});

test('that the folder is as the Secrets is not claimed where cert-manager renews these', t => {
	const {rows} = judge(evidenceOf(issued()));
	t.deepEqual(new Set(rows.map(({proofs}) => proofs.folder.result)), new Set(['none']));
});

test('what cert-manager will do to the CA is said, and what may not be read', t => {
	const {notes} = judge(evidenceOf(issued(issuance => {
		issuance.unread = [{kind: 'CertificateRequest', why: 'forbidden'}];
	})));
	t.regex(notes.join('\n'), /cert-manager renews the CA \(Certificate basic-ca\) at \d.*Z: it has no rotationPolicy, and cert-manager v1\.11\.5 then keeps the key/v);
	t.regex(notes.join('\n'), /CertificateRequests of cert-manager may not be read/v);
});

test('of a cluster that cfssl issues, nothing is said of cert-manager', t => {
	const {notes, findings} = judge(evidenceOf(({observation}) => {
		observation.issuance = {
			certificates: [], issuers: [], requests: [], unread: [{kind: 'Certificate', why: 'not installed'}],
		};
	}));
	t.deepEqual(findings, []);
	t.notRegex(notes.join('\n'), /cert-manager/v);
});
