import test from 'ava';
import fc from 'fast-check';
import {progressOf, progressText, type SoFar} from '../../../src/report/progress.ts';
import {at, lookAt, runRecord} from '../../helpers/run-record.ts';

const whole = runRecord();
const usual = 120_000;

/** What the run knew after so many seconds. */
const after = (seconds: number, down: string[] = []): SoFar => {
	const now = at(seconds);
	const latest = lookAt('old');
	return {
		plan: whole.plan,
		began: whole.began,
		events: whole.events.filter(({time}) => time <= now),
		restarts: whole.restarts.filter(({until}) => until! <= now),
		latest: {...latest, pods: latest.pods.map(pod => down.includes(pod.name) ? {...pod, ready: false} : pod)},
		now: Date.parse(now),
		usual,
	};
};

const beginOf = (id: string): number => {
	const {time} = whole.events.find(({event, facts}) => event === 'begin' && facts.step === id)!;
	return (Date.parse(time) - Date.parse(whole.began)) / 1000;
};

test('it tells phase, component, the pod that is down, and how many are over', t => {
	const progress = progressOf(after(beginOf('trust.rolled.tikv') + 15, ['basic-tikv-1']));
	t.like(progress, {
		phase: 'trust', component: 'tikv', pod: 'basic-tikv-1', restarted: 1, pods: 3,
	});
});

test('before a restart was measured, the expected time is that at most', t => {
	const {expected} = progressOf(after(1))!;
	t.deepEqual(expected, {time: 1000 + (3 * 8 * usual), isMeasured: false});
});

test('it comes nearer to the truth: in the last third it is off by less than a quarter', t => {
	const end = Date.parse(whole.ended) - Date.parse(whole.began);
	for (let seconds = end / 1500; seconds < end / 1000; seconds += 5) {
		const {expected} = progressOf(after(seconds))!;
		t.true(Math.abs(expected.time - end) < end / 4, `${seconds} s: ${expected.time} of ${end}`);
	}
});

test('the expected time is never before now', t => {
	fc.assert(fc.property(fc.integer({min: 0, max: 2000}), seconds => {
		const progress = progressOf(after(seconds));
		t.true(progress === undefined || progress.expected.time >= progress.elapsed);
	}), {numRuns: 50});
});

test('when every step has ended there is nothing to tell', t => {
	t.is(progressOf(after(1e6)), undefined);
});

test('the line tells phase, component, how many are restarted, the pod that is down, and the times', t => {
	t.is(progressText({
		phase: 'trust', component: 'tikv', pod: 'basic-tikv-1', restarted: 1, pods: 3, elapsed: 130_000, expected: {time: 600_000, isMeasured: true},
	}, 120), 'phase trust · tikv · 1 of 3 restarted · basic-tikv-1 · 2 min of about 10 min');
});

test('the line of a step that restarts nothing tells the phase, and a time that was not measured as the most', t => {
	t.is(progressText({
		phase: 'prepare', restarted: 0, pods: 0, elapsed: 3000, expected: {time: 960_000, isMeasured: false},
	}, 120), 'phase prepare · 3 s of at most 16 min');
});

test('it is never longer than the terminal is wide', t => {
	fc.assert(fc.property(fc.integer({min: 1, max: 200}), columns => {
		const progress = progressOf(after(100))!;
		t.true(progressText(progress, columns).length <= columns);
	}), {numRuns: 50});
});
