import test from 'ava';
import {documentedIssuance} from '../../../src/cluster/issuance.ts';
import {estimate} from '../../../src/plan/rotation-time.ts';
import {check} from '../../../src/run/preflight/check.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {healthy} from '../../helpers/observation.ts';

/** The codes that all checks find together. */
const codes = (change?: (facts: Facts) => void): string[] => check(healthy(change)).map(({code}) => code);

test('a cluster at rest has no problem', t => {
	t.deepEqual(check(healthy()), []);
});

test('all problems are reported at once', t => {
	const found = codes(({observation}) => {
		observation.cluster.spec.paused = true;
		observation.secrets['basic-pd-cluster-secret']!.immutable = true;
		observation.sets[0]!.strategy = 'OnDelete';
	});
	t.deepEqual(found, ['paused', 'strategy', 'immutable']);
});

/** A cluster of cert-manager's that is stuck, and is asked to go through the outage of the documents. */
const outage = ({status = 'False', asDocumented = true}): string[] => codes(facts => {
	facts.cluster = {...facts.cluster, issuance: documentedIssuance(facts.cluster)};
	facts.target = {...facts.target, asDocumented};
	facts.suspended = ['cert-manager'];
	facts.observation.cluster.status.conditions = [{
		type: 'Ready', status, reason: 'PDUnhealthy', message: 'PD(s) are not healthy',
	}];
	for (const {leaf} of Object.values(facts.observation.secrets)) {
		leaf.certificates[0]!.notAfter = new Date(facts.observation.now - 1).toISOString();
	}
});

test('the outage that the documents have needs nobody Ready, and replaces what has expired', t => {
	const others = outage({asDocumented: false});
	t.true(others.includes('not-ready') && others.includes('expired'), others.join(' '));
	t.deepEqual(outage({}), []);
});

test('the estimate grows with the pods and the restarts', t => {
	t.true(estimate(8, 2) > estimate(8, 1));
	t.true(estimate(80, 1) > estimate(8, 1));
});
