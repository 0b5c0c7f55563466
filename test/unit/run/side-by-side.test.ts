import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {sideBySide} from '../../../src/run/side-by-side.ts';

test('all are done, in their order, and no more than so many at a time', async t => {
	let [running, most] = [0, 0];
	const results = await sideBySide([5, 1, 4, 2, 3, 0], 2, async number => {
		running++;
		most = Math.max(most, running);
		await sleep(number);
		running--;
		return number * 10;
	});
	t.deepEqual(results, [50, 10, 40, 20, 30, 0]);
	t.is(most, 2);
});

test('nothing to do is done at once', async t => {
	t.deepEqual(await sideBySide([], 4, async () => 1), []);
});

test('a failure is the caller\'s', async t => {
	await t.throwsAsync(sideBySide([1], 4, async () => {
		throw new Error('no');
	}), {message: 'no'});
});
