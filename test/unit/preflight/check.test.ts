import test from 'ava';
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

test('the estimate grows with the pods and the restarts', t => {
	t.true(estimate(8, 2) > estimate(8, 1));
	t.true(estimate(80, 1) > estimate(8, 1));
});
