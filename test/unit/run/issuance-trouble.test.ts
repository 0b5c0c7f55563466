import test from 'ava';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import type {IssuanceFacts} from '../../../src/observe/issuance-types.ts';
import {leavesOnly} from '../../../src/plan/cert-manager/leaves-only.ts';
import {nextCaSteps, nextNames} from '../../../src/plan/cert-manager/next.ts';
import {rehearseSteps} from '../../../src/plan/cert-manager/rehearse.ts';
import type {Step} from '../../../src/plan/types.ts';
import {issuanceTrouble, type IssuanceTrouble} from '../../../src/run/issuance-trouble.ts';
import {certificateNamed, issuanceFor, requestFor} from '../../helpers/issuance.ts';
import {cluster, healthy} from '../../helpers/observation.ts';

const issuance = documentedIssuance(cluster);
const issued = {...cluster, issuance};
const pd = 'basic-pd-cluster-secret';
const since = '2026-11-01T08:00:00Z';
const controller = 'see whether cert-manager\'s controller runs: kubectl get pods -A -l app.kubernetes.io/name=cert-manager';

/** What is said of a step after a change of what cert-manager shows. */
const told = (step: Step, change: (facts: IssuanceFacts) => void): IssuanceTrouble => {
	const {observation} = healthy(facts => {
		facts.observation.issuance = issuanceFor(facts.observation);
		change(facts.observation.issuance);
	});
	return issuanceTrouble(step, issued, observation);
};

const [renew] = leavesOnly(issued, issuance, {
	route: 'keep-ca', retire: false, leaves: ['pd'], strict: false,
});

const isIssuing = (facts: IssuanceFacts): void => {
	const certificate = certificateNamed(facts, pd);
	certificate.issuing = true;
	certificate.conditions.push({
		type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'asked for', since,
	});
};

test('a Certificate that nobody takes up is told with the time since when, and that its controller may not run', t => {
	t.deepEqual(told(renew!, isIssuing), {
		seen: [`  Certificate ${pd} is being issued since ${since}: no CertificateRequest was made for it`], todo: [controller],
	});
});

test('a Certificate that was not even asked for is told to be at rest', t => {
	t.deepEqual(told(renew!, () => undefined).seen, [`  Certificate ${pd} is Ready, and cert-manager has not begun to issue it again: no CertificateRequest was made for it`]);
});

test('a request that is not answered is named, with the way to see why', t => {
	t.deepEqual(told(renew!, facts => {
		isIssuing(facts);
		facts.requests.push(requestFor(certificateNamed(facts, pd), since, {outcome: 'pending', words: 'nobody has approved it'}));
	}), {
		seen: [`  Certificate ${pd} is being issued since ${since}: CertificateRequest ${pd}-4, of ${since}, is not answered (nobody has approved it)`],
		todo: [`see who is to approve or to sign it: kubectl describe certificaterequest ${pd}-4 -n ${cluster.namespace}`],
	});
});

test('a request of the cluster\'s own Certificate that was denied has to go', t => {
	const {seen, todo} = told(renew!, facts => {
		const certificate = certificateNamed(facts, pd);
		Object.assign(certificate, {ready: false, lastFailureTime: since});
		facts.requests.push(requestFor(certificate, since));
	});
	t.deepEqual(seen, [`  Certificate ${pd} could not be issued at ${since}: CertificateRequest ${pd}-4, of ${since}, was denied (policy: nobody may)`]);
	t.deepEqual(todo, [`once that is mended, as cert-manager does not ask again by itself: kubectl delete certificaterequest ${pd}-4 -n ${cluster.namespace}`]);
});

test('a Certificate that the run has made goes with its denied request: the next run makes it again', t => {
	const name = 'basic-ca-next';
	const {todo} = told(nextCaSteps(issued, issuance)[0]!, facts => {
		const certificate = {
			...certificateNamed(facts, 'basic-ca'), name, ready: false, lastFailureTime: since,
		};
		facts.certificates.push(certificate);
		facts.requests.push(requestFor(certificate, since));
	});
	t.deepEqual(todo, [`once that is mended, as cert-manager does not ask again by itself: kubectl delete certificate ${name} -n ${cluster.namespace}`]);
	t.true(nextNames(issued, issuance).Certificate.includes(name));
});

test('a Certificate that cert-manager has not looked at is told with its age', t => {
	t.deepEqual(told(nextCaSteps(issued, issuance)[0]!, facts => {
		facts.certificates.push({
			...certificateNamed(facts, 'basic-ca'), name: 'basic-ca-next', ready: false, conditions: [], created: since,
		});
	}), {
		seen: [`  Certificate basic-ca-next is there since ${since}, and cert-manager has not looked at it: no CertificateRequest was made for it`], todo: [controller],
	});
});

test('a rehearsal that failed says what that means, and the other way', t => {
	const verify = rehearseSteps(issued, issuance).find(({id}) => id === 'trust.rehearse.verify')!;
	const {seen, todo} = told(verify, () => undefined);
	t.regex(seen.join('\n'), /issues a Certificate that comes back again: .* of the cluster nothing was changed/v);
	t.regex(todo.join('\n'), /npm run rollback -- --cluster basic\n.*--as-documented --accept-outage/v);
});

test('nothing is said where cfssl makes the certificates', t => {
	t.deepEqual(issuanceTrouble(renew!, cluster, healthy(() => undefined).observation), {seen: [], todo: []});
});
