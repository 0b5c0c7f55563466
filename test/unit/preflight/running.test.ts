import test from 'ava';
import type {Guest} from '../../../src/cluster/types.ts';
import type {Facts} from '../../../src/run/preflight/facts.ts';
import {readyProblems, settingProblems} from '../../../src/run/preflight/running.ts';
import {healthy, mysqlSide} from '../../helpers/observation.ts';

const setting = (spec: Record<string, unknown>): string[] => settingProblems(healthy(({observation}) => {
	Object.assign(observation.cluster.spec, spec);
})).map(({code}) => code);

const notReady = ({observation}: Facts): void => {
	observation.cluster.status.conditions = [{
		type: 'Ready', status: 'False', reason: 'PDUnhealthy', message: 'PD(s) are not healthy',
	}];
};

test('a cluster without TLS is refused', t => {
	t.deepEqual(setting({tlsCluster: {enabled: false}}), ['no-tls']);
	t.deepEqual(setting({tlsCluster: undefined}), ['no-tls']);
});

test('the MySQL side is refused where TiDB has no certificate for it, and asks for nothing else of the components', t => {
	const problems = (tidb: Record<string, unknown>): string[] => settingProblems(healthy(facts => {
		facts.cluster = mysqlSide;
		Object.assign(facts.observation.cluster.spec, {tidb, tlsCluster: {enabled: false}, pdms: [{name: 'router'}]});
	})).map(({code}) => code);
	t.deepEqual(problems({replicas: 2}), ['no-tls']);
	t.deepEqual(problems({replicas: 2, tlsClient: {enabled: true}}), []);
});

test('a paused cluster is refused, also on the way', t => {
	t.deepEqual(setting({paused: true}), ['paused']);
	const [problem] = settingProblems(healthy(facts => {
		facts.isResumed = true;
		facts.observation.cluster.spec.paused = true;
	}));
	t.regex(problem!.fix!, /kubectl patch tidbcluster basic -n tidb /v);
});

test('microservices that nobody runs are no matter, and refused are pods of one that nobody would restart', t => {
	const problems = (guests: Guest[], pod?: string) => settingProblems(healthy(facts => {
		const {observation, cluster} = facts;
		facts.cluster = {...cluster, guests};
		observation.cluster.spec.pdms = [{name: 'tso'}];
		observation.pods.push(...(pod === undefined ? [] : [{...observation.pods[0]!, name: pod, component: 'tso'}]));
	}));
	t.deepEqual(problems([]), []);
	t.deepEqual(problems(['tso'], 'basic-tso-0'), []);
	t.regex(problems([], 'basic-tso-0')[0]!.what, /still run with PD's Secret \(basic-tso-0\)/v);
});

test('parts that this tool does not restart are refused', t => {
	t.deepEqual(setting({pdms: [{name: 'router'}]}), ['unknown-consumer']);
	t.deepEqual(setting({tlsCluster: {enabled: true, enableDiscoveryMTLS: true}}), ['unknown-consumer']);
	t.deepEqual(setting({pdms: [], suspendAction: {suspendStatefulSet: true}}), ['suspended']);
});

test('a cluster that is not Ready is refused in the operator\'s words', t => {
	const [problem] = readyProblems(healthy(facts => {
		notReady(facts);
	}));
	t.is(problem!.code, 'not-ready');
	t.regex(problem!.what, /PDUnhealthy: PD\(s\) are not healthy/v);
});

test('not being Ready bars neither a resume nor a cure', t => {
	for (const flag of ['isResumed', 'isCure'] as const) {
		t.deepEqual(readyProblems(healthy(facts => {
			notReady(facts);
			facts[flag] = true;
		})), []);
	}
});

test('a component in another phase than Normal is named', t => {
	const problems = readyProblems(healthy(({observation}) => {
		observation.cluster.status.tikv!.phase = 'Scale';
	}));
	t.deepEqual(problems.map(({what}) => what), ['tikv is in phase Scale']);
});

test('a cluster without a status is not Ready', t => {
	const [problem] = readyProblems(healthy(({observation}) => {
		observation.cluster.status = {};
	}));
	t.regex(problem!.what, /it has no condition Ready/v);
});
