import test from 'ava';
import type {PodFacts} from '../../../src/observe/types.ts';
import {followPods} from '../../../src/run/lives.ts';
import {at, lookAt} from '../../helpers/run-record.ts';

/** A look at the cluster after so many seconds, at which one pod is as given. */
const look = (seconds: number, change: Partial<PodFacts> = {}) => {
	const seen = lookAt('old', ['old'], seconds);
	return {...seen, pods: seen.pods.map(pod => pod.name === 'basic-pd-2' ? {...pod, ...change} : pod)};
};

const pd2 = {pod: 'basic-pd-2', component: 'pd'};

test('a pod that stays what it is was not restarted', t => {
	const {saw, restarts, counts} = followPods();
	saw(look(0));
	saw(look(5, {ready: false}));
	saw(look(10));
	t.deepEqual(restarts, []);
	t.deepEqual(counts(), {});
});

test('a restart is from the last look at which the pod was Ready to the first at which it is again', t => {
	const {saw, restarts, counts} = followPods();
	saw(look(0));
	saw(look(2));
	saw(look(4, {deleting: true}));
	saw(look(6, {uid: 'new', ready: false}));
	saw(look(8, {uid: 'new'}));
	saw(look(10, {uid: 'new'}));
	t.deepEqual(restarts, [{...pd2, from: at(2), until: at(8)}]);
	t.deepEqual(counts(), {'basic-pd-2': 1});
});

test('a container that was started again counts as well', t => {
	const {saw, restarts} = followPods();
	saw(look(0));
	saw(look(3, {
		containers: [{
			name: 'pd', startedAt: at(2), restartCount: 1, ready: true,
		}],
	}));
	t.deepEqual(restarts, [{...pd2, from: at(0), until: at(3)}]);
});

test('one that is not Ready yet has no end, and the next one begins where that one is given up', t => {
	const {saw, restarts} = followPods();
	saw(look(0));
	saw(look(2, {uid: 'b', ready: false}));
	t.deepEqual(restarts, [{...pd2, from: at(0)}]);
	saw(look(4, {uid: 'c', ready: false}));
	saw(look(6, {uid: 'c'}));
	t.deepEqual(restarts, [{...pd2, from: at(0), until: at(4)}, {...pd2, from: at(4), until: at(6)}]);
});

test('a pod whose containers are not known yet tells nothing', t => {
	const {saw, restarts} = followPods();
	saw(look(0));
	saw(look(1, {uid: 'b', containers: [], ready: false}));
	t.deepEqual(restarts, []);
});
