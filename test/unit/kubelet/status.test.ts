import test from 'ava';
import {podStatus} from '../../sandbox/kubelet/status.ts';
import type {Pod} from '../../sandbox/kubelet/types.ts';

const pod: Pod = {
	metadata: {name: 'basic-tidb-0', namespace: 'tidb', uid: 'u'},
	spec: {containers: [{name: 'slowlog', image: 'busybox:1.26.2'}, {name: 'tidb', image: 'pingcap/tidb:v8.5.0'}]},
};
const place = {address: '127.1.0.30', hostAddress: '127.0.0.1', startTime: '2026-11-23T21:15:09.250Z'};
const before = {startedAt: '2026-11-23T21:15:09.250Z', finishedAt: '2026-11-23T21:20:00.000Z'};
const ready = (status: ReturnType<typeof podStatus>) => status.conditions.find(({type}) => type === 'Ready')!;

test('a running pod looks as the recorded one', t => {
	const status = podStatus(pod, {...place, running: {startedAt: '2026-11-23T21:15:09.900Z', isReady: true}, restarts: 0}, '2026-11-23T21:15:09.950Z');
	t.is(status.phase, 'Running');
	t.is(status.podIP, '127.1.0.30');
	t.is(status.startTime, '2026-11-23T21:15:09Z');
	t.deepEqual(ready(status), {
		type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: '2026-11-23T21:15:09Z',
	});
	t.deepEqual(status.containerStatuses[1], {
		name: 'tidb',
		image: 'pingcap/tidb:v8.5.0',
		imageID: 'x',
		ready: true,
		started: true,
		restartCount: 0,
		state: {running: {startedAt: '2026-11-23T21:15:09Z'}},
		lastState: {},
	});
});

test('a pod that waits for a volume is Pending, says why, and has no address', t => {
	const status = podStatus(pod, {...place, waiting: {reason: 'ContainerCreating', message: 'secret "x" not found'}, restarts: 0}, place.startTime);
	t.is(status.phase, 'Pending');
	t.is(status.podIP, undefined);
	t.is(ready(status).status, 'False');
	t.deepEqual(status.containerStatuses[0]!.state, {waiting: {reason: 'ContainerCreating', message: 'secret "x" not found'}});
});

test('a process that died leaves its end in lastState, and the pod not Ready', t => {
	const status = podStatus(pod, {
		...place, waiting: {reason: 'CrashLoopBackOff'}, restarts: 1, before,
	}, before.finishedAt);
	t.is(status.phase, 'Running');
	t.is(ready(status).status, 'False');
	t.is(status.containerStatuses[0]!.restartCount, 1);
	t.like(status.containerStatuses[0]!.lastState, {terminated: {startedAt: '2026-11-23T21:15:09Z', finishedAt: '2026-11-23T21:20:00Z'}});
});

test('a condition that does not change keeps its time', t => {
	const present: Pod = {...pod, status: {conditions: [{type: 'Ready', status: 'True', lastTransitionTime: '2026-11-23T20:00:00Z'}]}};
	const running = {startedAt: '2026-11-23T20:00:00Z', isReady: true};
	t.is(ready(podStatus(present, {...place, running, restarts: 0}, '2026-11-23T21:00:00Z')).lastTransitionTime, '2026-11-23T20:00:00Z');
	t.is(ready(podStatus(present, {...place, running: {...running, isReady: false}, restarts: 0}, '2026-11-23T21:00:00Z')).lastTransitionTime, '2026-11-23T21:00:00Z');
});
