import test from 'ava';
import {type Connection, makeCounter} from '../../traffic/count.ts';
import {wasRestarting} from '../../traffic/processes.ts';

const connection = (outcome: Connection['outcome'], time = 0): Connection => ({
	time, direction: 'tikv → pd 2379', from: 'basic-tikv-0', to: 'basic-pd-0', outcome, detail: '',
});

test('a refusal counts apart while the called process restarts, a certificate error always counts as such', t => {
	const counter = makeCounter();
	for (const one of [connection('accepted'), connection('refused', 1), connection('refused', 2), connection('cut', 2), connection('certificate', 1)]) {
		counter.add(one);
	}

	const expected = {
		attempts: 5, accepted: 1, certificateErrors: 1, restarting: 1, unexplained: 2,
	};
	const {total, directions, examples} = counter.tally(({time}) => time === 1);
	t.deepEqual(total, expected);
	t.deepEqual(directions, {'tikv → pd 2379': expected});
	t.deepEqual(examples.map(({outcome}) => outcome), ['refused', 'cut', 'certificate']);
});

test('a process restarts from a while before it has gone until a while after its successor is there', t => {
	const restarts = [{pod: 'basic-pd-0', ended: 100_000, began: 102_000}];
	t.false(wasRestarting(restarts, 'basic-pd-0', 60_000));
	t.true(wasRestarting(restarts, 'basic-pd-0', 99_000));
	t.true(wasRestarting(restarts, 'basic-pd-0', 101_000));
	t.true(wasRestarting(restarts, 'basic-pd-0', 120_000));
	t.false(wasRestarting(restarts, 'basic-pd-0', 140_000));
	t.false(wasRestarting(restarts, 'basic-pd-1', 101_000));
});
