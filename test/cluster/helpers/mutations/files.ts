import {makeKey} from '../../../helpers/certificates.ts';
import {forge, inFolder} from '../forge.ts';
import {inFile, type Mutation} from '../mutation.ts';

/** What is wrong with the folder. */
export const files: Mutation[] = [
	{
		title: 'a certificate in the folder that is not the Secret\'s',
		plant: inFile('tidb-server.pem', async place => {
			const {'tls.crt': cert = ''} = await forge(place, 'tidb');
			return cert;
		}),
		codes: ['folder-differs'],
		words: [/tidb-server\.pem \(serial \w+\) is not the certificate in Secret basic-tidb-cluster-secret/v],
	},
	{
		title: 'a key in the folder that does not fit',
		plant: inFile('tikv-server-key.pem', () => makeKey()),
		codes: ['folder-differs'],
		words: [/tikv-server-key\.pem does not fit tikv-server\.pem/v],
	},
	{
		title: 'a ca.pem that is not the bundle',
		plant: inFile('ca.pem', async place => inFolder(place, 'ca.new.pem')),
		codes: ['folder-differs'],
		words: [/ca\.pem holds \w+, ca\.crt of Secret basic-pd-cluster-secret holds \w+ and \w+/v],
	},
];
