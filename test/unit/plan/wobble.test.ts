import test from 'ava';
import type {Observation} from '../../../src/observe/types.ts';
import {wobbles} from '../../../src/plan/wobble.ts';
import {makeMaterial, observationOf} from '../../helpers/observation.ts';

const bare: Observation = observationOf(makeMaterial());
const container = {
	name: 'pd', startedAt: '2026-11-24T00:00:00Z', restartCount: 0, ready: true,
};
const quiet: Observation = {...bare, pods: bare.pods.map(pod => ({...pod, containers: [container]}))};

/** The same look with one pod changed. */
const withPod = (change: Partial<Observation['pods'][number]>): Observation => ({
	...quiet,
	pods: quiet.pods.map((pod, index) => index === 0 ? {...pod, ...change} : pod),
});

/** The same look with this in the TidbCluster's status. */
const withStatus = (change: Partial<Observation['cluster']['status']>): Observation => ({
	...quiet,
	cluster: {...quiet.cluster, status: {...quiet.cluster.status, ...change}},
});

const unhealthy = {type: 'Ready', status: 'False', reason: 'PDUnhealthy'};
const [set] = quiet.sets;
const [first] = quiet.pods;
const {name} = first!;

test('a cluster in which nothing happens is stable', t => {
	t.deepEqual(wobbles(quiet, structuredClone(quiet)), []);
});

const cases: Array<[title: string, now: Observation, expected: string]> = [
	['a pod that is not Ready', withPod({ready: false}), `${name} is not Ready`],
	['a pod that is being deleted', withPod({deleting: true}), `${name} is being deleted`],
	['a pod that was replaced, though all are Ready', withPod({uid: 'another'}), `${name} was replaced`],
	['a container that was restarted', withPod({containers: [{...container, restartCount: 1}]}), `${name}: a container was restarted`],
	['a PD leader that moved', withStatus({pd: {...quiet.cluster.status.pd, leader: {name: 'basic-pd-2'}}}), 'the PD leader moved from nobody to basic-pd-2'],
	['a pod that is gone', {...quiet, pods: quiet.pods.slice(1)}, `${set!.name}: ${set!.replicas - 1} of ${set!.replicas} pods exist`],
	['a TidbCluster that is not Ready', withStatus({conditions: [unhealthy]}), 'TidbCluster not Ready (PDUnhealthy)'],
];

for (const [title, now, expected] of cases) {
	test(`${title} is a wobble, and is named`, t => {
		t.deepEqual(wobbles(quiet, now), [expected]);
	});
}

test('what is not well counts at the first look already', t => {
	t.deepEqual(wobbles(undefined, withPod({ready: false})), [`${name} is not Ready`]);
});
