import test from 'ava';
import {type Deadline, deadlinesOf} from '../../../../src/judge/issuance/deadlines.ts';
import {
	certificateNamed,
	daysFrom,
	questionOf,
	type Question,
} from '../../../helpers/issuance.ts';

const pd = 'basic-pd-cluster-secret';
const day = 86_400_000;

/** What the first deadline is, and how many days after `now`; the leaves of these tests end long before their CA. */
const first = (change: (question: Question) => void): [why: Deadline['why'], what: string, at: number] => {
	const question = questionOf(change);
	const [{why, what, at}] = deadlinesOf(question, question.now).toSorted((one, other) => one.at - other.at) as [Deadline];
	return [why, what, Math.round((at - question.now) / day)];
};

const left = (notAfter: string, {now}: Question): number => Math.round((Date.parse(notAfter) - now) / day);

const usual = questionOf();
const leafEnds = left(usual.secrets[pd]!.leaf.certificates[0]!.notAfter, usual);
const caEnds = left(usual.secrets[pd]!.bundle.certificates[0]!.notAfter, usual);
const leafWords = 'the certificate in Secret basic-pd-cluster-secret';
const caWords = 'the CA (Certificate basic-ca)';

const cases: Array<[title: string, change: (question: Question) => void, expected: [why: Deadline['why'], what: RegExp, at: number]]> = [
	['cert-manager renews the leaves and keeps the CA\'s key', () => undefined, ['expires', /^the CA /v, caEnds]],
	['cert-manager makes another key for the CA', ({issuance}) => {
		issuance.version = 'v1.18.0';
	}, ['ca-renews', new RegExp(RegExp.escape(caWords), 'v'), caEnds - 30]],
	['the CA was renewed with another key', ({issuance, now}) => {
		Object.assign(certificateNamed(issuance, 'basic-ca'), {rotationPolicy: 'Always', notBefore: daysFrom(now, -1)});
	}, ['ca-renewed', new RegExp(RegExp.escape(caWords), 'v'), leafEnds - 15]],
	['the CA was renewed with its key', ({issuance, now}) => {
		Object.assign(certificateNamed(issuance, 'basic-ca'), {notBefore: daysFrom(now, -1)});
	}, ['expires', /^the CA /v, caEnds]],
	['the Certificate of one is put aside', ({issuance}) => {
		issuance.certificates = issuance.certificates.filter(({name}) => name !== pd);
	}, ['expires', new RegExp(RegExp.escape(leafWords), 'v'), leafEnds]],
	['the Certificate of one names another Secret now', ({issuance}) => {
		certificateNamed(issuance, pd).secretName = 'elsewhere';
	}, ['expires', new RegExp(RegExp.escape(leafWords), 'v'), leafEnds]],
	['tries for one have failed', ({issuance, now}) => {
		certificateNamed(issuance, pd).lastFailureTime = daysFrom(now, -1);
	}, ['expires', new RegExp(RegExp.escape(leafWords), 'v'), leafEnds]],
	['the renewal of one is late', ({issuance, now}) => {
		certificateNamed(issuance, pd).renewalTime = daysFrom(now, -1);
	}, ['expires', new RegExp(RegExp.escape(leafWords), 'v'), leafEnds]],
	['the renewal of one does not end', ({issuance, now}) => {
		Object.assign(certificateNamed(issuance, pd), {
			issuing: true, conditions: [{
				type: 'Issuing', status: 'True', reason: '', message: '', since: daysFrom(now, -1),
			}],
		});
	}, ['expires', new RegExp(RegExp.escape(leafWords), 'v'), leafEnds]],
	['nobody looked at Certificates', question => {
		Object.assign(question, {issuance: undefined});
	}, ['expires', new RegExp(RegExp.escape(leafWords), 'v'), leafEnds]],
];

for (const [title, change, [why, what, at]] of cases) {
	test(`what has to be forestalled first where ${title}: ${why}, ${what.source}`, t => {
		const found = first(change);
		t.is(found[0], why);
		t.regex(found[1], what);
		t.is(found[2], at);
	});
}
