import anyTest, {type TestFn} from 'ava';
import fc from 'fast-check';
import {type Issuer, seedOf} from '../../kill/campaign.ts';
import {type Attempt, killAt, recordPoints} from '../../kill/kill-at.ts';
import {openReaper} from '../../kill/reaper.ts';
import {saveStates} from '../../kill/saved-state.ts';
import {startPlace, stopPlace} from './place.ts';

export type SomePoints = {
	/** Of the sandbox. */
	name: string;
	/** Options of `sandbox up`, besides the issuer. */
	args: string[];
	issuer: Issuer;
	/** How many. */
	some: number;
};

const seed = seedOf();

/** Makes a test of each of some points of `make test-kill`: the same ones by the same seed. */
export const testSomePoints = ({name, args, issuer, some}: SomePoints): void => {
	const test = anyTest as TestFn<{attempt: Attempt; points: string[]}>;
	const closing: Array<() => Promise<void>> = [];

	test.before(async t => {
		t.timeout(900_000);
		const place = await startPlace(name, [...args, '--issuer', issuer]);
		const [reaper, saved] = await Promise.all([openReaper(place), saveStates(place, {asAnnotated: false})]);
		closing.push(reaper.close, saved.close);
		const {points, outcomes} = await recordPoints(place, reaper);
		const [chosen] = fc.sample(fc.shuffledSubarray(points, {minLength: some, maxLength: some}), {seed, numRuns: 1});
		t.context = {
			attempt: {
				place, reaper, saved, outcomes,
			}, points: chosen!,
		};
	});

	test.after.always(async () => {
		await Promise.all(closing.map(async close => close()));
		await stopPlace(name);
	});

	for (let index = 0; index < some; index++) {
		test.serial(`a rotation that is killed at a point chosen by a seed goes on to the same end (${index + 1} of ${some})`, async t => {
			// Two runs, and the pods of the saved state before them.
			t.timeout(900_000);
			const {attempt, points} = t.context;
			const words = await killAt(attempt, points[index]!);
			t.log(`seed ${seed}, ${points[index]!}: ${words}`);
			t.regex(words, /^on in \d+ s, 0 certificate errors/v);
		});
	}
};
