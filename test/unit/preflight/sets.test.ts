import test from 'ava';
import type {StatefulSetFacts} from '../../../src/observe/types.ts';
import {outageProblems, setProblems} from '../../../src/run/preflight/sets.ts';
import {healthy} from '../../helpers/observation.ts';

const withSet = (index: number, change: Partial<StatefulSetFacts>, flag?: 'isResumed' | 'isCure') => healthy(facts => {
	Object.assign(facts.observation.sets[index]!, change);
	if (flag !== undefined) {
		facts[flag] = true;
	}
});

const words = (...arguments_: Parameters<typeof withSet>): string[] => setProblems(withSet(...arguments_)).map(({what}) => what);

test('a StatefulSet that its operator does not roll is refused', t => {
	t.deepEqual(words(1, {strategy: 'OnDelete'}), ['StatefulSet basic-tikv has the update strategy "OnDelete", so the operator does not restart its pods']);
	t.is((words(1, {strategy: 'OnDelete'}, 'isResumed')).length, 1);
});

test('a component without a plain StatefulSet is refused', t => {
	const problems = setProblems(healthy(({observation}) => {
		observation.sets = observation.sets.filter(({component}) => component !== 'tidb');
	}));
	t.deepEqual(problems.map(({code}) => code), ['no-set']);
});

test('a component of no replicas needs no StatefulSet', t => {
	const problems = setProblems(healthy(({observation}) => {
		observation.sets = observation.sets.filter(({component}) => component !== 'tidb');
		observation.cluster.spec.tidb!.replicas = 0;
	}));
	t.deepEqual(problems, []);
});

test('a roll in progress is refused', t => {
	t.deepEqual(words(0, {updateRevision: 'b'}), ['StatefulSet basic-pd: a rolling update is in progress']);
	t.deepEqual(words(0, {generation: 2}), ['StatefulSet basic-pd: its last change has not been seen by the controller']);
	t.deepEqual(words(0, {readyReplicas: 2}), ['StatefulSet basic-pd: 2 of 3 pods are Ready']);
});

test('scaling is refused', t => {
	t.deepEqual(words(2, {replicas: 1, readyReplicas: 1}), ['StatefulSet basic-tidb: it is being scaled from 1 to 2 replicas']);
});

test('what is in progress bars neither a resume nor a cure', t => {
	t.deepEqual(words(0, {updateRevision: 'b', readyReplicas: 2}, 'isResumed'), []);
	t.deepEqual(words(0, {readyReplicas: 0}, 'isCure'), []);
});

test('a component whose restart is an outage is asked about', t => {
	const asked = (index: number, replicas: number): Array<string | undefined> =>
		outageProblems(withSet(index, {replicas})).map(({kind}) => kind);
	t.deepEqual(asked(2, 1), ['question']);
	t.deepEqual(asked(2, 2), []);
	t.deepEqual(asked(0, 2), ['question'], 'two PD members have no majority while one restarts');
	t.deepEqual(asked(1, 3), []);
});
