import {makeCa} from '../../../helpers/certificates.ts';
import {forge, inFolder} from '../forge.ts';
import {inSecret, type Mutation} from '../mutation.ts';
import {years} from './forged.ts';

const noCertificate = '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n';

/** What is wrong with a bundle in a Secret. */
export const bundles: Mutation[] = [
	{
		title: 'a bundle without the old CA',
		plant: inSecret('pd', async place => ({'ca.crt': await inFolder(place, 'ca.new.pem')})),
		codes: ['bundles-differ', 'folder-differs', 'not-loaded'],
		words: [
			/basic-pd-cluster-secret holds the CAs? \w+, that of Secrets/v,
			/accepts a leaf of the CA \w+, which ca\.crt of Secret basic-pd-cluster-secret does not hold/v,
		],
	},
	{
		title: 'a bundle without the CA of the present leaves',
		plant: inSecret('pd', async place => ({'ca.crt': await inFolder(place, 'ca.old.pem')})),
		codes: ['not-trusted', 'bundles-differ', 'folder-differs', 'not-loaded'],
		words: [/basic-pd-cluster-secret lacks the CA/v],
	},
	{
		title: 'a bundle with a block that cannot be read',
		plant: inSecret('pd', (_, {'ca.crt': bundle = ''}) => ({'ca.crt': bundle + noCertificate})),
		codes: ['unreadable'],
		words: [/basic-pd-cluster-secret: ca\.crt: 1 of its 3 certificates cannot be read/v],
	},
	{
		title: 'a bundle with the same CA twice',
		plant: inSecret('pd', async (place, {'ca.crt': bundle = ''}) => ({'ca.crt': bundle + await inFolder(place, 'ca.new.pem')})),
		codes: ['duplicate-ca', 'folder-differs'],
		words: [/basic-pd-cluster-secret holds the CA \w+ more than once/v],
	},
	{
		title: 'an expired CA',
		async plant(place) {
			const ca = makeCa({subject: '/C=US/O=PingCAP/CN=TiDB 1', notBefore: years(-2), notAfter: years(-1)});
			return inSecret('pd', async (_, {'ca.crt': bundle = ''}) => ({...await forge(place, 'pd', {ca}), 'ca.crt': bundle + ca.cert}))(place);
		},
		codes: ['expired', 'outlives-ca', 'not-trusted', 'bundles-differ', 'folder-differs', 'not-loaded'],
		words: [/the CA .*CN=TiDB 1 \(serial .*has expired at/v, /--accept-outage/v],
	},
];
