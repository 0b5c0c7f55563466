import {Buffer} from 'node:buffer';
import {makeCa, makeKey} from '../../helpers/certificates.ts';
import {keepProcess} from '../../sandbox/kubelet/restart-process.ts';
import {resources} from '../../sandbox/kube.ts';
import {endAccident} from './accident.ts';
import {
	forge,
	forgeWithCaSubject,
	inFolder,
	textsOf,
	writeTexts,
	type Named,
	type SecretData,
} from './forge.ts';
import {addLine, operatorPod} from './log-line.ts';
import {
	everywhere,
	inFile,
	inSecret,
	thaw,
	together,
	type Mutation,
} from './mutation.ts';
import type {Place} from './place.ts';
import {podUids} from './state-of.ts';
import {until} from './until.ts';
import {basic, ready} from './watch.ts';

const years = (count: number): string => `${new Date().getUTCFullYear() + count}0101000000Z`;

const stranger = () => makeCa({subject: '/C=US/O=Somebody/CN=Somebody'});

/** The bundle with one CA more, which signs nothing. */
const withAnother = ({'ca.crt': bundle = ''}: Record<string, string>): string => bundle + stranger().cert;

/** What is wrong with a leaf in a Secret; the cluster folder keeps the right one. */
const leaves: Mutation[] = [
	{
		title: 'a wrong CN', plant: inSecret('pd', async place => forge(place, 'pd', {subject: '/C=US/ST=CA/L=San Francisco/CN=tidb'})), codes: ['common-name', 'folder-differs'], words: [/basic-pd-cluster-secret has the CN "tidb"/v],
	},
	{
		title: 'a missing SAN', plant: inSecret('pd', async place => forge(place, 'pd', {lacks: ['*.basic-pd-peer.tidb.svc']})), codes: ['missing-name', 'folder-differs'], words: [/lacks \*\.basic-pd-peer\.tidb\.svc \(the documents/v, /basic-pd-0\.basic-pd-peer\.tidb\.svc \(the pod is called by it/v],
	},
	{
		title: 'an expired leaf', plant: inSecret('pd', async place => forge(place, 'pd', {notBefore: years(-2), notAfter: years(-1)})), codes: ['expired', 'folder-differs'], words: [/basic-pd-cluster-secret has expired at/v, /--keep-ca/v],
	},
	{
		title: 'a leaf that is not valid yet', plant: inSecret('pd', async place => forge(place, 'pd', {notBefore: years(1), notAfter: years(2)})), codes: ['not-yet-valid', 'folder-differs'], words: [/basic-pd-cluster-secret is not valid before/v],
	},
	{
		title: 'a leaf of another CA', plant: inSecret('pd', async place => forge(place, 'pd', {ca: stranger()})), codes: ['not-trusted', 'folder-differs'], words: [/basic-pd-cluster-secret \(serial .*signed by no CA of any Secret/v, /basic-pd-0 port 2379 .*does not vouch for/v],
	},
	{
		title: 'a leaf for clients only', plant: inSecret('pd', async place => forge(place, 'pd', {usages: 'clientAuth'})), codes: ['usage', 'folder-differs'], words: [/basic-pd-cluster-secret is not for server auth/v],
	},
	{
		title: 'a leaf that outlives its CA', plant: inSecret('pd', async place => forge(place, 'pd', {notAfter: years(20)})), codes: ['outlives-ca', 'folder-differs'], words: [/its CA ends before/v],
	},
	{
		title: 'a leaf with the subject of both CAs and without an Authority Key Identifier', plant: inSecret('pd', async place => forgeWithCaSubject(place, 'pd')), codes: ['same-subject', 'folder-differs'], words: [/OpenSSL refuses it/v],
	},
	{
		title: 'the certificate of another component', plant: inSecret('pd', async place => {
			const {'tls.crt': cert = '', 'tls.key': key = ''} = await textsOf(place, 'tikv');
			return {'tls.crt': cert, 'tls.key': key};
		}), codes: ['missing-name', 'folder-differs'], words: [/basic-pd-cluster-secret lacks basic-pd /v],
	},
	{
		title: 'the key of another component', plant: inSecret('tikv', async place => {
			const {'tls.key': key = ''} = await textsOf(place, 'pd');
			return {'tls.key': key};
		}), codes: ['key-misfit'], words: [/basic-tikv-cluster-secret: tls\.key does not fit/v],
	},
	{
		title: 'a cluster client certificate of another CA', plant: inSecret('client', async place => forge(place, 'client', {ca: stranger()})), codes: ['not-trusted', 'folder-differs', 'refused'], words: [/basic-pd-1 port 2379 \(client\) refuses the cluster client certificate/v, /basic-tikv-0 port 20160 \(server\) refuses/v],
	},
];

/** What is wrong with a bundle in a Secret. */
const bundles: Mutation[] = [
	{
		title: 'a bundle without the old CA', plant: inSecret('pd', async place => ({'ca.crt': await inFolder(place, 'ca.new.pem')})), codes: ['bundles-differ', 'folder-differs', 'not-loaded'], words: [/basic-pd-cluster-secret holds the CAs? \w+, that of Secrets/v, /accepts a leaf of the CA \w+, which ca\.crt of Secret basic-pd-cluster-secret does not hold/v],
	},
	{
		title: 'a bundle without the CA of the present leaves', plant: inSecret('pd', async place => ({'ca.crt': await inFolder(place, 'ca.old.pem')})), codes: ['not-trusted', 'bundles-differ', 'folder-differs', 'not-loaded'], words: [/basic-pd-cluster-secret lacks the CA/v],
	},
	{
		title: 'a bundle with a block that cannot be read', plant: inSecret('pd', (_, {'ca.crt': bundle = ''}) => ({'ca.crt': `${bundle}-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n`})), codes: ['unreadable'], words: [/basic-pd-cluster-secret: ca\.crt: 1 of its 3 certificates cannot be read/v],
	},
	{
		title: 'a bundle with the same CA twice', plant: inSecret('pd', async (place, {'ca.crt': bundle = ''}) => ({'ca.crt': bundle + await inFolder(place, 'ca.new.pem')})), codes: ['duplicate-ca', 'folder-differs'], words: [/basic-pd-cluster-secret holds the CA \w+ more than once/v],
	},
	{
		title: 'an expired CA', async plant(place) {
			const ca = makeCa({subject: '/C=US/O=PingCAP/CN=TiDB 1', notBefore: years(-2), notAfter: years(-1)});
			return inSecret('pd', async (_, {'ca.crt': bundle = ''}) => ({...await forge(place, 'pd', {ca}), 'ca.crt': bundle + ca.cert}))(place);
		}, codes: ['expired', 'outlives-ca', 'not-trusted', 'bundles-differ', 'folder-differs', 'not-loaded'], words: [/the CA .*CN=TiDB 1 \(serial .*has expired at/v, /--accept-outage/v],
	},
];

const everySecret = ['pd', 'tikv', 'tidb', 'client'] as const satisfies Named[];

/** The same CA is added to every bundle, and nothing is restarted. */
const addEverywhere = async (place: Place) => {
	const bundle = withAnother(await textsOf(place, 'client'));
	return together(...everySecret.map(component => inSecret(component, () => ({'ca.crt': bundle}))), inFile('ca.pem', () => bundle))(place);
};

/** The pod goes, and its process stays behind its successor. */
const outlive = async (place: Place, pod: string) => {
	const before = await podUids(place);
	await keepProcess(place.state, place.namespace, pod);
	await place.kube.remove(resources.pods, {namespace: place.namespace, name: pod});
	await until(`another ${pod}`, async () => {
		const now = await podUids(place);
		return now[pod] !== undefined && now[pod] !== before[pod];
	});
	await ready(place);
	return async () => {
		await endAccident(place, pod);
		await ready(place);
	};
};

/** PD's leaf is renewed in Secret and folder, and one of its pods does not hear of it. */
const staleMount = async (place: Place) => {
	const pod = 'basic-pd-0';
	const leaf = await forge(place, 'pd');
	await keepProcess(place.state, place.namespace, pod);
	const before = await textsOf(place, 'pd');
	await writeTexts(place, 'pd', leaf);
	const undoFolder = await together(inFile('pd-server.pem', () => leaf['tls.crt']!), inFile('pd-server-key.pem', () => leaf['tls.key']!))(place);
	await everywhere(place, [pod]);
	return async () => {
		await undoFolder();
		await writeTexts(place, 'pd', before);
		await thaw(place, pod);
	};
};

/** TiKV's leaf is renewed in Secret and folder; its status port goes on with what it has until it has refused somebody. */
const servesOld = async (place: Place) => {
	const leaf = await forge(place, 'tikv');
	return together(inSecret('tikv', () => leaf), inFile('tikv-server.pem', () => leaf['tls.crt']!), inFile('tikv-server-key.pem', () => leaf['tls.key']!))(place);
};

/** TiDB is configured to check its clients, and goes on as it was started. */
const unchecked = async (place: Place) => {
	await place.kube.patch(resources.tidbClusters, basic(place), {spec: {paused: true, tidb: {config: '[security]\ncluster-verify-cn = ["TiDB"]\n'}}});
	return async () => {
		await place.kube.patch(resources.tidbClusters, basic(place), {spec: {paused: false, tidb: {config: ''}}});
	};
};

/** What is wrong with the processes and their ports. */
const processes: Mutation[] = [
	{
		title: 'processes that were not restarted since the bundle changed', plant: addEverywhere, codes: ['not-loaded'], words: [/basic-pd-0: it was made for other certificates/v, /basic-tikv-0: it was made for other/v, /basic-tidb-0: it was made for other/v],
	},
	{
		title: 'a process that outlives its pod', plant: async place => outlive(place, 'basic-tikv-0'), codes: ['not-loaded'], words: [/basic-tikv-0: its process 1 runs since .*it was not restarted/v],
	},
	{
		title: 'mounted files that stay as they were', plant: staleMount, codes: ['mounted-differs', 'served-differs'], words: [/tls\.crt mounted in basic-pd-0 is not what Secret/v, /basic-pd-0 port 2379 \(client\) serves serial/v],
	},
	{
		title: 'a port that serves another leaf than is mounted', plant: servesOld, codes: ['served-differs', 'not-loaded'], words: [/basic-tikv-0 port 20180 \(status\) serves serial/v],
	},
	{
		title: 'a port that is meant to check its clients and does not', plant: unchecked, codes: ['stranger-accepted'], words: [/basic-tidb-0 port 10080 \(status\) accepts a certificate of a CA that nobody trusts/v],
	},
];

/** What is wrong with the folder. */
const files: Mutation[] = [
	{
		title: 'a certificate in the folder that is not the Secret\'s', plant: inFile('tidb-server.pem', async place => {
			const {'tls.crt': cert = ''} = await forge(place, 'tidb');
			return cert;
		}), codes: ['folder-differs'], words: [/tidb-server\.pem \(serial \w+\) is not the certificate in Secret basic-tidb-cluster-secret/v],
	},
	{
		title: 'a key in the folder that does not fit', plant: inFile('tikv-server-key.pem', () => makeKey()), codes: ['folder-differs'], words: [/tikv-server-key\.pem does not fit tikv-server\.pem/v],
	},
	{
		title: 'a ca.pem that is not the bundle', plant: inFile('ca.pem', async place => inFolder(place, 'ca.new.pem')), codes: ['folder-differs'], words: [/ca\.pem holds \w+, ca\.crt of Secret basic-pd-cluster-secret holds \w+ and \w+/v],
	},
];

const missing = async ({kube, namespace}: Place) => {
	const where = {namespace, name: 'basic-tidb-cluster-secret'};
	const {metadata: {labels, annotations}, ...rest} = (await kube.get(resources.secrets, where))!;
	await kube.remove(resources.secrets, where);
	return async () => {
		await kube.create(resources.secrets, {...rest, metadata: {...where, ...(labels && {labels}), ...(annotations && {annotations})}});
	};
};

const annotated = (name: string, value: string) => async ({kube, namespace}: Place) => {
	const where = {namespace, name: 'basic-tikv-cluster-secret'};
	await kube.patch(resources.secrets, where, {metadata: {annotations: {[name]: value}}});
	return async () => {
		await kube.patch(resources.secrets, where, {metadata: {annotations: {[name]: null}}});
	};
};

/** Somebody in another namespace has a copy of the CA, from before the rotation. */
const consumer = async (place: Place) => {
	const {kube} = place;
	const [namespace, name] = ['app', 'tidb-ca'];
	const data = {'ca.crt': Buffer.from(await inFolder(place, 'ca.old.pem')).toString('base64')};
	await kube.create(resources.namespaces, {metadata: {name: namespace}});
	await kube.create<SecretData>(resources.secrets, {metadata: {namespace, name}, data});
	return async () => {
		await kube.remove(resources.secrets, {namespace, name});
		await kube.remove(resources.namespaces, {name: namespace});
	};
};

/** What is wrong with a Secret as an object. */
const objects: Mutation[] = [
	{
		title: 'a missing Secret', plant: missing, codes: ['no-secret'], words: [/Secret basic-tidb-cluster-secret does not exist/v],
	},
	{
		title: 'a Secret that cert-manager writes', plant: annotated('cert-manager.io/certificate-name', 'basic-tikv-cluster-secret'), codes: ['owned'], words: [/basic-tikv-cluster-secret is managed by cert-manager/v],
	},
	{
		title: 'a consumer in another namespace with the old CA', plant: consumer, codes: ['consumer-ca'], words: [/app.*tidb-ca .*ca\.crt.*trusts no CA that signed the certificates in/v],
	},
];

const failure = 'rejected connection: tls: failed to verify client certificate: x509: certificate signed by unknown authority';

/** What stands in logs. They come first: the other defects leave lines there as well. */
const logs: Mutation[] = [
	{
		title: 'a pod\'s log with an x509 error', plant: async place => addLine(place, 'basic-tidb-0', failure), codes: ['log-errors'], words: [/the log of basic-tidb-0 has 1 line since .*certificate signed by unknown authority/v], since: '1h',
	},
	{
		title: 'the operator\'s log with an x509 error', plant: async place => operatorPod(place, `pd status sync failed: ${failure}`), codes: ['log-errors'], words: [/the log of tidb-controller-manager-0 has 1 line since/v], since: '1h',
	},
];

/** Every defect, one at a time. */
export const mutations: Mutation[] = [...logs, ...leaves, ...bundles, ...processes, ...files, ...objects];
