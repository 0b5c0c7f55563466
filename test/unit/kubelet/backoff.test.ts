import test from 'ava';
import {makeBackoff} from '../../sandbox/kubelet/backoff.ts';

const iso = (time: number) => new Date(time).toISOString();

/** How long a process that dies at this time must wait. */
const waitAfter = (backoff: ReturnType<typeof makeBackoff>, clock: {time: number}, startedAt: number): number => {
	const death = clock.time;
	while (!backoff.mayStart(iso(startedAt))) {
		clock.time += 100;
	}

	return clock.time - death;
};

test('a process that dies again and again is started after 0.5 s, twice as long each time, 10 s at most', t => {
	const clock = {time: 1_000_000};
	const backoff = makeBackoff(() => clock.time);
	const waits = Array.from({length: 7}, () => {
		const startedAt = clock.time;
		clock.time += 50;
		return waitAfter(backoff, clock, startedAt);
	});
	t.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('one that ran for more than a minute begins anew', t => {
	const clock = {time: 1_000_000};
	const backoff = makeBackoff(() => clock.time);
	waitAfter(backoff, clock, clock.time - 50);
	const startedAt = clock.time;
	clock.time += 61_000;
	t.is(waitAfter(backoff, clock, startedAt), 500);
});
