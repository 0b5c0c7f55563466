import test from 'ava';
import {material} from '../../helpers/evidence.ts';
import {
	foundAfter,
	givesBundle,
	givesLeaf,
	podOf,
	secretOf,
	type Case,
} from '../../helpers/evidence-changes.ts';
import {makeCa} from '../../helpers/pki.ts';

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
];

for (const {title, change, codes, words = /^/v} of cases) {
	test(`${title}: ${codes.length === 0 ? 'no finding' : codes.join(', ')}`, t => {
		const found = foundAfter(change);
		t.deepEqual(found.codes, codes, found.text);
		t.regex(found.text, words);
	});
}
