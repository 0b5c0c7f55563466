import {forge, forgeWithCaSubject, textsOf} from '../forge.ts';
import {inSecret, type Mutation} from '../mutation.ts';
import {stranger, years} from './forged.ts';

/** What is wrong with a leaf in a Secret; the cluster folder keeps the right one. */
export const leaves: Mutation[] = [
	{
		title: 'a wrong CN',
		plant: inSecret('pd', async place => forge(place, 'pd', {subject: '/C=US/ST=CA/L=San Francisco/CN=tidb'})),
		codes: ['common-name', 'folder-differs'],
		words: [/basic-pd-cluster-secret has the CN "tidb"/v],
	},
	{
		title: 'a missing SAN',
		plant: inSecret('pd', async place => forge(place, 'pd', {lacks: ['*.basic-pd-peer.tidb.svc']})),
		codes: ['missing-name', 'folder-differs'],
		words: [
			/lacks \*\.basic-pd-peer\.tidb\.svc \(the documents/v,
			/basic-pd-0\.basic-pd-peer\.tidb\.svc \(the pod is called by it/v,
		],
	},
	{
		title: 'an expired leaf',
		plant: inSecret('pd', async place => forge(place, 'pd', {notBefore: years(-2), notAfter: years(-1)})),
		codes: ['expired', 'folder-differs'],
		words: [/basic-pd-cluster-secret has expired at/v, /--keep-ca/v],
	},
	{
		title: 'a leaf that is not valid yet',
		plant: inSecret('pd', async place => forge(place, 'pd', {notBefore: years(1), notAfter: years(2)})),
		codes: ['not-yet-valid', 'folder-differs'],
		words: [/basic-pd-cluster-secret is not valid before/v],
	},
	{
		title: 'a leaf of another CA',
		plant: inSecret('pd', async place => forge(place, 'pd', {ca: stranger()})),
		codes: ['not-trusted', 'folder-differs'],
		words: [
			/basic-pd-cluster-secret \(serial .*signed by no CA of any Secret/v,
			/basic-pd-0 port 2379 .*does not vouch for/v,
		],
	},
	{
		title: 'a leaf for clients only',
		plant: inSecret('pd', async place => forge(place, 'pd', {usages: 'clientAuth'})),
		codes: ['usage', 'folder-differs'],
		words: [/basic-pd-cluster-secret is not for server auth/v],
	},
	{
		title: 'a leaf that outlives its CA',
		plant: inSecret('pd', async place => forge(place, 'pd', {notAfter: years(20)})),
		codes: ['outlives-ca', 'folder-differs'],
		words: [/its CA ends before/v],
	},
	{
		title: 'a leaf with the subject of both CAs and without an Authority Key Identifier',
		plant: inSecret('pd', async place => forgeWithCaSubject(place, 'pd')),
		codes: ['same-subject', 'folder-differs'],
		words: [/OpenSSL refuses it/v],
	},
	{
		title: 'the certificate of another component',
		plant: inSecret('pd', async place => {
			const {'tls.crt': cert = '', 'tls.key': key = ''} = await textsOf(place, 'tikv');
			return {'tls.crt': cert, 'tls.key': key};
		}),
		codes: ['missing-name', 'folder-differs'],
		words: [/basic-pd-cluster-secret lacks basic-pd /v],
	},
	{
		title: 'the key of another component',
		plant: inSecret('tikv', async place => {
			const {'tls.key': key = ''} = await textsOf(place, 'pd');
			return {'tls.key': key};
		}),
		codes: ['key-misfit'],
		words: [/basic-tikv-cluster-secret: tls\.key does not fit/v],
	},
	{
		title: 'a cluster client certificate of another CA',
		plant: inSecret('client', async place => forge(place, 'client', {ca: stranger()})),
		codes: ['not-trusted', 'folder-differs', 'refused'],
		words: [
			/basic-pd-1 port 2379 \(client\) refuses the cluster client certificate/v,
			/basic-tikv-0 port 20160 \(server\) refuses/v,
		],
	},
];
