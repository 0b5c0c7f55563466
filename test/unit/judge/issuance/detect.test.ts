import test from 'ava';
import {concerned, issuanceOf, mixedWords} from '../../../../src/judge/issuance/detect.ts';
import {missingSecret} from '../../../../src/observe/secrets.ts';
import {certificateNamed, questionOf, type Question} from '../../../helpers/issuance.ts';

const pd = 'basic-pd-cluster-secret';
const client = 'basic-cluster-client-secret';

const unmark = (question: Question): void => {
	for (const secret of Object.values(question.secrets)) {
		secret.annotations = {};
	}
};

const without = (question: Question, ...names: string[]): void => {
	question.issuance.certificates = question.issuance.certificates.filter(({name}) => !names.includes(name));
};

const all = (question: Question): string[] => Object.keys(question.secrets);

const cases: Array<[title: string, change: (question: Question) => void, by: ReturnType<typeof issuanceOf>['by'], aside: string[]]> = [
	['Certificates name its Secrets', () => undefined, 'cert-manager', []],
	['Certificates name Secrets that say nothing', unmark, 'cert-manager', []],
	['nothing names a Certificate', question => {
		unmark(question);
		question.issuance.certificates = [];
	}, 'cfssl', []],
	['Secrets say who issued them, and nobody looked for Certificates', question => {
		Object.assign(question, {issuance: undefined});
	}, 'cert-manager', []],
	['Secrets say who issued them, and Certificates may not be read', question => {
		question.issuance.certificates = [];
		question.issuance.unread = [{kind: 'Certificate', why: 'forbidden'}];
	}, 'cert-manager', []],
	['Secrets say who issued them, and only requests may not be read', question => {
		without(question, pd);
		question.issuance.unread = [{kind: 'CertificateRequest', why: 'forbidden'}];
	}, 'cert-manager', [pd]],
	['Secrets say who issued them, and no Certificate is there', question => {
		without(question, ...all(question));
	}, 'cert-manager', [pd, 'basic-tikv-cluster-secret', 'basic-tidb-cluster-secret', client]],
	['a Certificate names another Secret now', question => {
		certificateNamed(question.issuance, pd).secretName = 'elsewhere';
	}, 'cert-manager', [pd]],
	['a Certificate owns a Secret that says nothing', question => {
		unmark(question);
		question.issuance.certificates = [];
		question.cluster = {...question.cluster, components: ['pd']};
		question.secrets[pd]!.owners = [{kind: 'Certificate', name: pd}];
	}, 'cert-manager', [pd]],
	['one Secret says nothing', question => {
		question.secrets[pd]!.annotations = {};
		without(question, pd);
	}, 'mixed', []],
	['one Secret is not there, and nothing names it', question => {
		question.secrets[pd] = missingSecret(pd);
		without(question, pd);
	}, 'cert-manager', []],
	['the only Secret is not there, and a Certificate is to make it', question => {
		question.cluster = {...question.cluster, components: ['pd']};
		question.secrets = {};
	}, 'cert-manager', []],
	['an annotation is empty', question => {
		unmark(question);
		question.issuance.certificates = [];
		question.secrets[pd]!.annotations = {'cert-manager.io/certificate-name': ''};
	}, 'cfssl', []],
];

for (const [title, change, by, aside] of cases) {
	test(`a cluster is of ${by}, with ${aside.length} Secrets that nobody renews, where ${title}`, t => {
		const found = issuanceOf(questionOf(change));
		t.is(found.by, by);
		t.deepEqual(found.secrets.filter(({isAside}) => isAside).map(({secret}) => secret.name).toSorted(), aside.toSorted());
	});
}

test('of a mixed cluster each Secret is named, with how it is known', t => {
	const question = questionOf(({secrets, issuance}) => {
		for (const name of [pd, client]) {
			secrets[name]!.annotations = {};
		}

		secrets['basic-tidb-cluster-secret']!.annotations['cert-manager.io/certificate-name'] = 'tidb';
		issuance.certificates = issuance.certificates.filter(({name}) => name === 'basic-tikv-cluster-secret');
	});
	t.is(mixedWords(question.cluster, issuanceOf(question)), [
		'the certificates of TidbCluster basic come from two sides:',
		'Secret basic-tikv-cluster-secret is cert-manager\'s (Certificate basic-tikv-cluster-secret names it),',
		'Secret basic-tidb-cluster-secret is cert-manager\'s (it says that Certificate tidb has issued it),',
		'and nothing says so of Secrets basic-pd-cluster-secret and basic-cluster-client-secret',
	].join(' '));
});

const concern: Array<[title: string, change: (question: Question) => void, roles: Record<string, string>]> = [
	['the CA', () => undefined, {'basic-ca': 'ca'}],
	['what the same Issuer signs besides', ({issuance}) => {
		issuance.certificates.push({...certificateNamed(issuance, pd), name: 'mysql', secretName: 'mysql'});
	}, {'basic-ca': 'ca', mysql: 'other'}],
	['not what another Issuer signs', ({issuance}) => {
		issuance.certificates.push({
			...certificateNamed(issuance, pd), name: 'web', secretName: 'web', issuer: {kind: 'ClusterIssuer', name: 'basic-tidb-issuer', group: 'cert-manager.io'},
		});
	}, {'basic-ca': 'ca'}],
	['not a CA that somebody else signs with', ({issuance}) => {
		certificateNamed(issuance, 'basic-ca').secretName = 'web-ca';
	}, {}],
	['no CA of this namespace, where a ClusterIssuer signs', ({issuance}) => {
		for (const certificate of issuance.certificates.slice(0, 4)) {
			certificate.issuer.kind = 'ClusterIssuer';
		}

		issuance.issuers[1]!.kind = 'ClusterIssuer';
	}, {}],
	['no CA, where the kind is another group\'s', ({issuance}) => {
		for (const certificate of issuance.certificates.slice(0, 4)) {
			certificate.issuer.group = 'aws.example';
		}
	}, {}],
];

for (const [title, change, expected] of concern) {
	test(`beside the components' Certificates it concerns a cluster: ${title}`, t => {
		const found = concerned(questionOf(change));
		t.deepEqual(found.slice(0, 4).map(({role, component}) => [role, component]), ['pd', 'tikv', 'tidb', 'client'].map(component => ['component', component]));
		t.deepEqual(Object.fromEntries(found.slice(4).map(({certificate, role}) => [certificate.name, role])), expected);
	});
}
