import anyTest, {type TestFn} from 'ava';
import fc from 'fast-check';
import {type Attempt, killAt, recordPoints} from '../kill/kill-at.ts';
import {openReaper} from '../kill/reaper.ts';
import {saveState} from '../kill/saved-state.ts';
import {startPlace, stopPlace} from './helpers/place.ts';
import {few} from './helpers/sandbox.ts';

/* Some points of `make test-kill`: the same ones in every run. */
const test = anyTest as TestFn<{attempt: Attempt; points: string[]}>;
const name = 'kill-points-test';
const some = 6;
const seed = 20_261_125;

test.before(async t => {
	t.timeout(300_000);
	const place = await startPlace(name, few);
	const [reaper, saved] = await Promise.all([openReaper(place), saveState(place, {asAnnotated: false})]);
	const {points, outcome} = await recordPoints(place, reaper);
	const [chosen] = fc.sample(fc.shuffledSubarray(points, {minLength: some, maxLength: some}), {seed, numRuns: 1});
	t.context = {
		attempt: {
			place, reaper, saved, outcome,
		}, points: chosen!,
	};
});

test.after.always(async t => {
	await Promise.all([t.context.attempt?.reaper.close(), t.context.attempt?.saved.close()]);
	await stopPlace(name);
});

for (let index = 0; index < some; index++) {
	test.serial(`a rotation that is killed at a point chosen by a seed goes on to the same end (${index + 1} of ${some})`, async t => {
		const {attempt, points} = t.context;
		const words = await killAt(attempt, points[index]!);
		t.log(`${points[index]!}: ${words}`);
		t.regex(words, /^on in \d+ s, 0 certificate errors/v);
	});
}
