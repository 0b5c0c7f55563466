import test from 'ava';
import {issuanceProblems} from '../../../../src/judge/issuance/problems.ts';
import type {IssuanceProblem} from '../../../../src/judge/issuance/types.ts';
import {missingSecret} from '../../../../src/observe/secrets.ts';
import type {CertificateObjectFacts, RequestFacts} from '../../../../src/observe/issuance-types.ts';
import {
	certificateNamed,
	daysFrom,
	questionOf,
	requestFor,
	type Question,
} from '../../../helpers/issuance.ts';

const pd = 'basic-pd-cluster-secret';
const hours = (time: number, count: number): string => daysFrom(time, count / 24);

type Case = {title: string; change: (question: Question) => void; codes: Array<IssuanceProblem['code']>; words?: RegExp};

/** The condition Issuing of a Certificate. */
const issues = (certificate: CertificateObjectFacts, since: string, message = 'renewing'): void => {
	certificate.issuing = true;
	certificate.conditions.push({
		type: 'Issuing', status: 'True', reason: 'Renewing', message, since,
	});
};

const fails = ({issuance, now}: Question, attempts: number, hoursAgo: number): CertificateObjectFacts => {
	const certificate = certificateNamed(issuance, pd);
	Object.assign(certificate, {lastFailureTime: hours(now, -hoursAgo), failedAttempts: attempts});
	return certificate;
};

/** The CA was issued again a day ago. */
const renewsCa = ({issuance, now}: Question, rotationPolicy = ''): CertificateObjectFacts => Object.assign(certificateNamed(issuance, 'basic-ca'), {
	notBefore: daysFrom(now, -1), notAfter: daysFrom(now, 3649), renewalTime: daysFrom(now, 3619), rotationPolicy,
});

/** The CA is renewed in so many days. */
const caRenewsIn = ({issuance, now}: Question, days: number, change: Partial<CertificateObjectFacts> = {}): void => {
	Object.assign(certificateNamed(issuance, 'basic-ca'), {renewalTime: daysFrom(now, days), ...change});
};

const cases: Case[] = [
	{title: 'everything is as the documents have it', change: () => undefined, codes: []},
	{
		title: 'nobody looked',
		change(question) {
			Object.assign(question, {issuance: undefined});
		},
		codes: [],
	},
	{
		title: 'one Secret is not cert-manager\'s',
		change({secrets, issuance}) {
			secrets[pd]!.annotations = {};
			issuance.certificates = issuance.certificates.filter(({name}) => name !== pd);
		},
		codes: ['mixed-issuance'],
		words: /and nothing says so of Secret basic-pd-cluster-secret/v,
	},
	{
		title: 'Certificates are put aside',
		change({issuance}) {
			issuance.certificates = issuance.certificates.filter(({name}) => name === 'basic-cluster-client-secret');
		},
		codes: ['certificate-aside'],
		words: /^nobody renews Secrets basic-pd-cluster-secret, .* and basic-tidb-cluster-secret: of the Certificates .*; the first of these certificates ends at \d{4}-.*Z$/v,
	},
	{
		title: 'two Certificates name one Secret',
		change({issuance}) {
			issuance.certificates.push({...certificateNamed(issuance, pd), name: 'mine'});
		},
		codes: ['certificate-twice'],
		words: /^Certificates basic-pd-cluster-secret and mine both name Secret basic-pd-cluster-secret/v,
	},
	{
		title: 'the Issuer is not Ready',
		change({issuance}) {
			Object.assign(issuance.issuers[1]!, {ready: false, words: 'ErrGetKeyPair: no such Secret'});
		},
		codes: ['issuer-not-ready'],
		words: /^Issuer basic-tidb-issuer, which Certificates basic-pd-cluster-secret, .* name, is not Ready: ErrGetKeyPair: no such Secret$/v,
	},
	{
		title: 'the Issuer is not there',
		change({issuance}) {
			issuance.issuers = [];
		},
		codes: ['issuer-not-ready'],
		words: /does not exist$/v,
	},
	{
		title: 'Issuers may not be read',
		change({issuance}) {
			issuance.issuers = [];
			issuance.unread = [{kind: 'Issuer', why: 'forbidden'}];
		},
		codes: [],
	},
	{
		title: 'a ClusterIssuer signs, and these may not be read',
		change({issuance}) {
			issuance.issuers = [];
			issuance.unread = [{kind: 'ClusterIssuer', why: 'forbidden'}];
			for (const {issuer} of issuance.certificates) {
				issuer.kind = 'ClusterIssuer';
			}
		},
		codes: [],
	},
	{
		title: 'a request was denied',
		change(question) {
			const certificate = fails(question, 1, 0.5);
			question.issuance.requests.push(requestFor(certificate, hours(question.now, -0.5)));
		},
		codes: ['request-failed'],
		words: /^Certificate basic-pd-cluster-secret cannot be issued: one try failed, .*: CertificateRequest .*-4 was denied \(policy: nobody may\); .* waits 60 min after it, and tries again at /v,
	},
	{
		title: 'tries have failed, and the back-off is over',
		change(question) {
			fails(question, 3, 5);
		},
		codes: ['request-failed'],
		words: /3 tries in a row failed.*; cert-manager waits 4 h after it, until .*, and has not tried again yet$/v,
	},
	{
		title: 'many tries have failed, and the next is under way',
		change(question) {
			issues(fails(question, 99, 33), hours(question.now, -1));
		},
		codes: ['request-failed'],
		words: /99 tries .* waits 32 h after it, until .*, and is trying again$/v,
	},
	{
		title: 'a request waits for an answer',
		change({issuance, now}) {
			const certificate = certificateNamed(issuance, pd);
			issues(certificate, hours(now, -2));
			issuance.requests.push(
				requestFor({...certificate, revision: 1}, hours(now, -1), {words: 'an old one'}),
				requestFor(certificate, hours(now, -2), {outcome: 'pending', words: 'Pending: Issuer is not Ready'}),
				requestFor(certificateNamed(issuance, 'basic-ca'), hours(now, -1), {words: 'another one\'s'}),
			);
		},
		codes: ['request-pending'],
		words: /is being issued since .*, and is not yet: CertificateRequest basic-pd-cluster-secret-4 was not answered yet \(Pending: Issuer is not Ready\)$/v,
	},
	{
		title: 'a renewal has just begun',
		change({issuance, now}) {
			issues(certificateNamed(issuance, pd), hours(now, -0.1));
		},
		codes: [],
	},
	{
		title: 'nobody has answered for the CA\'s Certificate',
		change({issuance}) {
			Object.assign(certificateNamed(issuance, 'basic-ca'), {ready: false, words: ''});
		},
		codes: ['certificate-not-ready'],
		words: /^Certificate basic-ca is not Ready: cert-manager has not looked at it$/v,
	},
	{
		title: 'a Secret is not there, and its Certificate says why',
		change({secrets, issuance}) {
			secrets[pd] = missingSecret(pd);
			Object.assign(certificateNamed(issuance, pd), {ready: false, words: 'DoesNotExist: Secret does not exist'});
		},
		codes: ['certificate-not-ready'],
		words: /DoesNotExist: Secret does not exist$/v,
	},
	{
		title: 'a renewal is late',
		change({issuance, now}) {
			certificateNamed(issuance, pd).renewalTime = hours(now, -1);
		},
		codes: ['renewal-overdue'],
		words: /was to be renewed at .*, and cert-manager has not begun$/v,
	},
	{
		title: 'a renewal is due this minute',
		change({issuance, now}) {
			certificateNamed(issuance, pd).renewalTime = hours(now, -0.1);
		},
		codes: [],
	},
	{
		title: 'the CA was renewed with another key',
		change(question) {
			renewsCa(question, 'Always');
		},
		codes: ['ca-renewed'],
		words: /ca\.crt of Secrets basic-pd-cluster-secret, .* holds the one before; by its rotationPolicy Always .*: the first of them to be renewed, at \d.*Z, is refused by the others$/v,
	},
	{
		title: 'the CA was renewed with its key',
		change(question) {
			renewsCa(question, 'Never');
		},
		codes: ['ca-renewed'],
		words: /by its rotationPolicy Never it keeps its key: present certificates verify against both, until the one before ends$/v,
	},
	{
		title: 'the CA was renewed, and signs by another CA that the Secrets do not hold',
		change(question) {
			renewsCa(question);
			question.issuance.issuers[0]!.type = 'ca';
		},
		codes: [],
	},
	{
		title: 'the CA is renewed soon by a cert-manager that keeps keys',
		change(question) {
			caRenewsIn(question, 10);
		},
		codes: [],
	},
	{
		title: 'the CA is renewed soon by a cert-manager that makes other keys',
		change(question) {
			caRenewsIn(question, 10);
			question.issuance.version = 'v1.18.0';
		},
		codes: ['ca-renews'],
		words: /^cert-manager renews the CA \(Certificate basic-ca\) by itself at .*Z, and it has no rotationPolicy, and cert-manager v1\.18\.0 then makes another key: /v,
	},
	{
		title: 'the CA is renewed soon by a cert-manager of unknown version',
		change(question) {
			caRenewsIn(question, 10);
			delete question.issuance.version;
		},
		codes: ['ca-renews'],
		words: /before 1\.18 and makes another from 1\.18 on, and which version this is cannot be read/v,
	},
	{
		title: 'the CA is renewed soon, and says itself that it gets another key',
		change(question) {
			caRenewsIn(question, 10, {rotationPolicy: 'Always'});
		},
		codes: ['ca-renews'],
	},
	{
		title: 'the CA is renewed soon, and says itself that it keeps its key',
		change(question) {
			caRenewsIn(question, 10, {rotationPolicy: 'Never'});
			question.issuance.version = 'v1.20.0';
		},
		codes: [],
	},
	{
		title: 'the CA is renewed later',
		change(question) {
			caRenewsIn(question, 31, {rotationPolicy: 'Always'});
		},
		codes: [],
	},
	{
		title: 'leaves are renewed soon, for longer than their CA',
		change({issuance, now}) {
			Object.assign(certificateNamed(issuance, pd), {renewalTime: daysFrom(now, 5)});
			for (const secret of [certificateNamed(issuance, 'basic-ca')]) {
				secret.renewalTime = daysFrom(now, 3000);
			}

			certificateNamed(issuance, pd).duration = '876000h0m0s';
		},
		codes: ['will-outlive-ca'],
		words: /^cert-manager renews Secret basic-pd-cluster-secret from .* on with certificates that say they are valid for longer than their CA \(Certificate basic-ca\), which ends at /v,
	},
	{
		title: 'leaves are renewed soon, for longer than a CA that is renewed before them',
		change(question) {
			caRenewsIn(question, 4);
			Object.assign(certificateNamed(question.issuance, pd), {renewalTime: daysFrom(question.now, 5), duration: '876000h0m0s'});
		},
		codes: [],
	},
	{
		title: 'leaves are renewed soon, for cert-manager\'s own 90 days',
		change({issuance, now}) {
			Object.assign(certificateNamed(issuance, pd), {renewalTime: daysFrom(now, 5), duration: ''});
		},
		codes: [],
	},
];

for (const {title, change, codes, words = /^/v} of cases) {
	test(`where ${title}, it is told: ${codes.length === 0 ? 'nothing' : codes.join(', ')}`, t => {
		const found = issuanceProblems(questionOf(change));
		t.deepEqual(found.map(({code}) => code), codes);
		t.regex(found[0]?.what ?? '', words);
	});
}

const versions: Array<[version: string, rotates: boolean]> = [['v1.17.9', false], ['1.18', true], ['v2.0.0', true], ['v0.16.1', false]];

for (const [version, rotates] of versions) {
	test(`cert-manager ${version} ${rotates ? 'makes another key' : 'keeps the key'} where no rotationPolicy is given`, t => {
		const found = issuanceProblems(questionOf(question => {
			caRenewsIn(question, 10);
			question.issuance.version = version;
		}));
		t.is(found.length, Number(rotates));
	});
}

const fixes: Array<[outcome: RequestFacts['outcome'], hasToGo: boolean]> = [['denied', true], ['invalid', true], ['failed', false], ['pending', false]];

for (const [outcome, hasToGo] of fixes) {
	test(`a request that is ${outcome} ${hasToGo ? 'has to be deleted' : 'may stay'} before another try`, t => {
		const [problem] = issuanceProblems(questionOf(question => {
			question.issuance.requests.push(requestFor(fails(question, 1, 0.5), hours(question.now, -0.5), {outcome}));
		}));
		t.is(problem!.fix.includes('kubectl delete certificaterequest basic-pd-cluster-secret-4 -n tidb'), hasToGo);
	});
}
