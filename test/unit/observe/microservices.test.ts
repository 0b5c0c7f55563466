import test from 'ava';
import type {TidbClusterObject, TidbClusterSpec} from '../../../src/observe/objects.ts';
import {clusterFacts} from '../../../src/observe/workloads.ts';

const object = (spec: TidbClusterSpec): TidbClusterObject => ({
	kind: 'TidbCluster',
	apiVersion: 'pingcap.com/v1alpha1',
	metadata: {
		name: 'basic', namespace: 'tidb', uid: 'b5c1', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z',
	},
	spec,
	status: {pd: {phase: 'Normal'}, pdms: {tso: {phase: 'Upgrade', synced: true}}},
});

const [tso, router] = [{name: 'tso', replicas: 2, annotations: {one: 'other'}}, {name: 'router', replicas: 1}];

test('a microservice that runs is found as the other components are, and one that nobody knows stays in the list', t => {
	const {spec, status} = clusterFacts(object({pd: {mode: 'ms'}, pdms: [tso, router]}));
	t.deepEqual(spec, {pd: {mode: 'ms'}, tso, pdms: [router]});
	t.deepEqual(status.tso, {phase: 'Upgrade', synced: true});
});

test('without PD\'s mode for them none runs', t => {
	const {spec, status} = clusterFacts(object({pd: {}, pdms: [tso]}));
	t.deepEqual(spec, {pd: {}, pdms: [tso]});
	t.is(status.tso, undefined);
});
