import test from 'ava';
import {agreementProblems} from '../../../../src/judge/issuance/agrees.ts';
import type {CertificateObjectFacts} from '../../../../src/observe/issuance-types.ts';
import type {SecretFacts} from '../../../../src/observe/types.ts';
import {certificateNamed, questionOf} from '../../../helpers/issuance.ts';

const pd = 'basic-pd-cluster-secret';

const cases: Array<[title: string, change: (certificate: CertificateObjectFacts, secret: SecretFacts) => void, words?: RegExp]> = [
	['everything is as it was asked for', () => undefined],
	['names have another order and another spelling', certificate => {
		certificate.dnsNames.reverse();
		certificate.dnsNames[0] = certificate.dnsNames[0]!.toUpperCase();
		certificate.ipAddresses = certificate.ipAddresses.map(address => address === '::1' ? '0:0:0:0:0:0:0:1' : address);
	}],
	['usages of the key are asked for beside', certificate => {
		certificate.usages = ['digital signature', 'key encipherment', ...certificate.usages.toReversed()];
	}],
	['the annotations leave out what is usual', (_, secret) => {
		delete secret.annotations['cert-manager.io/issuer-kind'];
	}],
	['no CN is asked for', certificate => {
		certificate.commonName = '';
	}],
	['cert-manager is at it', certificate => {
		Object.assign(certificate, {commonName: 'other', issuing: true});
	}],
	['the CN differs', certificate => {
		certificate.commonName = 'PD';
	}, /^the certificate in Secret basic-pd-cluster-secret is not what Certificate basic-pd-cluster-secret asks for: its CN is "TiDB", not "PD"$/v],
	['a name is lacking', certificate => {
		certificate.dnsNames.push('pd.example');
	}, /: it lacks pd\.example$/v],
	['an address is lacking', certificate => {
		certificate.ipAddresses.push('10.0.0.1');
	}, /: it lacks 10\.0\.0\.1$/v],
	['a name is too many', certificate => {
		certificate.dnsNames = certificate.dnsNames.filter(name => name !== 'basic-pd');
	}, /: it has basic-pd, which the Certificate does not ask for$/v],
	['a usage is lacking', certificate => {
		certificate.usages = ['server auth'];
	}, /: it is for client auth, server auth, not server auth$/v],
	['no usage is asked for', certificate => {
		certificate.usages = [];
	}, /, not nothing by name$/v],
	['another Issuer is asked for', certificate => {
		certificate.issuer.name = 'basic-gen2';
	}, /: it is of Issuer basic-tidb-issuer, not Issuer basic-gen2$/v],
	['another kind of Issuer is asked for', certificate => {
		certificate.issuer.kind = 'ClusterIssuer';
	}, /, not ClusterIssuer basic-tidb-issuer$/v],
	['an Issuer of another group has signed', (_, secret) => {
		secret.annotations['cert-manager.io/issuer-group'] = 'aws.example';
	}, /: it is of Issuer basic-tidb-issuer of aws\.example, not Issuer basic-tidb-issuer of cert-manager\.io$/v],
	['the Secret does not say whose it is', (_, secret) => {
		secret.annotations = {};
	}, /: it is of Issuer nobody, not/v],
];

for (const [title, change, words] of cases) {
	test(`Secret and Certificate ${words ? 'do not agree' : 'agree'} where ${title}`, t => {
		const found = agreementProblems(questionOf(({issuance, secrets}) => {
			change(certificateNamed(issuance, pd), secrets[pd]!);
		}));
		t.deepEqual(found.map(({component}) => component), words ? ['pd'] : []);
		t.regex(found[0]?.what ?? '', words ?? /^$/v);
	});
}
