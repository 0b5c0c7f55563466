import test from 'ava';
import {keepFresh} from '../../../../src/run/probe/client.ts';

test('whoever asks while it is being read waits for the same reading', async t => {
	const begun: Array<PromiseWithResolvers<string>> = [];
	const fresh = keepFresh(async () => {
		begun.push(Promise.withResolvers());
		return begun.at(-1)!.promise;
	}, 60_000, () => 1_000_000);
	const asked = [fresh(), fresh()];
	begun[0]!.resolve('leaf');
	t.deepEqual(await Promise.all(asked), ['leaf', 'leaf']);
	t.is(await fresh(), 'leaf');
	t.is(begun.length, 1);
});

test('what is older than it may be is read anew', async t => {
	let [readings, now] = [0, 1000];
	const fresh = keepFresh(async () => ++readings, 20, () => now);
	t.is(await fresh(), 1);
	now += 19;
	t.is(await fresh(), 1);
	now += 1;
	t.is(await fresh(), 2);
});

test('a reading that failed is told to whoever asks, and tried again later', async t => {
	let [readings, now] = [0, 1000];
	const fresh = keepFresh(async () => {
		readings++;
		if (readings === 1) {
			throw new Error('the API server is away');
		}

		return 'leaf';
	}, 20, () => now);
	await t.throwsAsync(fresh(), {message: /away/v});
	now += 20;
	t.is(await fresh(), 'leaf');
});
