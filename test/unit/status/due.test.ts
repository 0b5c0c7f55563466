import test from 'ava';
import fc from 'fast-check';
import {readCertificates} from '../../../src/certificates/read.ts';
import {usualRestart} from '../../../src/plan/rotation-time.ts';
import {notDueWords} from '../../../src/run/not-due.ts';
import {dueOf} from '../../../src/status/due.ts';
import {type Restarted, restartTime} from '../../../src/status/restart-time.ts';
import {cluster, makeMaterial, observationOf} from '../../helpers/observation.ts';
import {makeCa, makeLeaf} from '../../helpers/pki.ts';

const day = 86_400_000;
const {ca, leaves} = makeMaterial();
const began = Date.parse('2026-01-01T00:00:00Z');

/** Pods of one component that started at these times, in seconds, the lowest ordinal first. */
const podsOf = (component: string, starts: number[], parts: Partial<Restarted> = {}): Restarted[] => starts.map((start, ordinal) => ({
	name: `basic-${component}-${ordinal}`,
	component,
	material: 'a1',
	revision: 'r1',
	containers: [{
		name: component, startedAt: new Date(began + (1000 * start)).toISOString(), restartCount: 0, ready: true,
	}],
	...parts,
}));

test('a restart takes as long as between the starts of the last roll', t => {
	t.deepEqual(restartTime([...podsOf('pd', [80, 40, 0]), ...podsOf('tikv', [200, 150, 110])]), {perPod: 40_000, how: 'measured'});
});

test('of several times between two starts the one in the middle counts', t => {
	t.deepEqual(restartTime(podsOf('tikv', [100, 60, 30, 10])), {perPod: 30_000, how: 'measured'});
});

test('the pod with the highest ordinal starts first, also beyond nine', t => {
	const starts = Array.from({length: 11}, (_, ordinal) => 20 * (10 - ordinal));
	t.deepEqual(restartTime(podsOf('tikv', starts)), {perPod: 20_000, how: 'measured'});
});

test('one pod that was restarted alone since then does not count', t => {
	t.deepEqual(restartTime(podsOf('tikv', [90_000, 60, 30, 0])), {perPod: 30_000, how: 'measured'});
});

test('a restart is not told to take less than a second', t => {
	t.deepEqual(restartTime(podsOf('pd', [0, 0, 0])), {perPod: 1000, how: 'measured'});
});

test('for the certificates of MySQL clients, TiDB\'s own container counts', t => {
	const pods = podsOf('tidb', [80, 40, 0]).map(pod => ({...pod, component: 'tidb-server'}));
	t.deepEqual(restartTime(pods), {perPod: 40_000, how: 'measured'});
});

const unknown: Array<[title: string, pods: Restarted[]]> = [
	['there are no pods', []],
	['each component has one pod', podsOf('pd', [0])],
	['no roll of ours made the pods', podsOf('pd', [80, 40, 0], {material: ''})],
	['the pods started in another order than a roll\'s', podsOf('pd', [0, 1, 2])],
	['the pods are of two revisions', [...podsOf('pd', [80, 40, 0]).slice(0, 2), ...podsOf('pd', [80, 40, 0], {revision: 'r2'}).slice(2)]],
	['a container does not run', podsOf('pd', [80, 40], {containers: []})],
];

for (const [title, pods] of unknown) {
	test(`a restart is estimated where ${title}`, t => {
		t.deepEqual(restartTime(pods), {perPod: usualRestart, how: 'estimated'});
	});
}

const judged = (change: (secrets: ReturnType<typeof observationOf>['secrets']) => void = () => undefined) => {
	const {secrets, now} = observationOf({ca, leaves});
	change(secrets);
	return {
		cluster, secrets, now, replicas: 8, pods: [],
	};
};

test('the latest safe start is the earliest expiry, less two restarts of every pod', t => {
	const {earliest, by, takes, pods} = dueOf(judged());
	t.is(earliest!.is, 'leaf');
	t.is(pods, 8);
	t.is(takes, 2 * (120_000 + (8 * 120_000)));
	t.is(by, Date.parse(earliest!.certificate.notAfter) - takes);
});

test('a renewal of leaves takes one restart of every pod', t => {
	t.is(dueOf({...judged(), leavesOnly: true}).takes, 120_000 + (8 * 120_000));
});

test('pods that are there beyond what the spec asks for count', t => {
	const pods = podsOf('tikv', Array.from({length: 9}, () => 0), {material: ''});
	t.is(dueOf({...judged(), pods}).pods, 9);
});

test('a CA that ends before its leaves is what ends first, and does not count where leaves alone are renewed', t => {
	const near = makeCa({ends: 20});
	const input = judged(secrets => {
		for (const secret of Object.values(secrets)) {
			Object.assign(secret, {leaf: readCertificates(makeLeaf(near).cert), bundle: readCertificates(near.cert)});
		}
	});
	t.is(dueOf(input).earliest!.is, 'ca');
	t.is(dueOf({...input, leavesOnly: true}).earliest!.is, 'leaf');
});

test('the old CA does not count once it vouches for no leaf', t => {
	const near = makeCa({ends: 20});
	const {earliest} = dueOf(judged(secrets => {
		for (const secret of Object.values(secrets)) {
			secret.bundle = readCertificates(ca.cert + near.cert);
		}
	}));
	t.is(earliest!.is, 'leaf');
});

test('the earlier anything ends and the more pods there are, the earlier is the latest safe start', t => {
	fc.assert(fc.property(fc.integer({min: 1, max: 300}), fc.integer({min: 1, max: 300}), fc.integer({min: 1, max: 1000}), (days, more, replicas) => {
		const input = judged();
		const of = (extra: number, pods: number): number => dueOf({...input, now: input.now + (extra * day), replicas: pods}).by! - (input.now + (extra * day));
		t.true(of(days + more, replicas) < of(days, replicas));
		t.true(of(days, replicas + more) < of(days, replicas));
	}), {numRuns: 20, seed: 1});
});

test('--if-due says what ends first and when to begin, and nothing once that is near', t => {
	const observation = observationOf({ca, leaves});
	const words = notDueWords(cluster, observation, {within: 30 * day, leavesOnly: false})!;
	t.regex(words.join('\n'), /^Nothing to do: nothing is due within 30 d\.\nthe certificate in Secret basic-pd-cluster-secret ends first, at .*Z; the latest safe start is .*Z\.$/v);
	t.is(notDueWords(cluster, observation, {within: 336 * day, leavesOnly: false}), undefined);
	t.is(notDueWords(cluster, {...observation, now: observation.now + (310 * day)}, {within: 30 * day, leavesOnly: false}), undefined);
});
