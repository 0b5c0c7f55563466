import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {keepFresh} from '../../../../src/run/probe/client.ts';

test('whoever asks while it is being read waits for the same reading', async t => {
	const begun: Array<PromiseWithResolvers<string>> = [];
	const fresh = keepFresh(async () => {
		begun.push(Promise.withResolvers());
		return begun.at(-1)!.promise;
	}, 60_000);
	const asked = [fresh(), fresh()];
	begun[0]!.resolve('leaf');
	t.deepEqual(await Promise.all(asked), ['leaf', 'leaf']);
	t.is(await fresh(), 'leaf');
	t.is(begun.length, 1);
});

test('what is older than it may be is read anew', async t => {
	let readings = 0;
	const fresh = keepFresh(async () => ++readings, 20);
	t.is(await fresh(), 1);
	await sleep(30);
	t.is(await fresh(), 2);
});

test('a reading that failed is told to whoever asks, and tried again later', async t => {
	let readings = 0;
	const fresh = keepFresh(async () => {
		readings++;
		if (readings === 1) {
			throw new Error('the API server is away');
		}

		return 'leaf';
	}, 20);
	await t.throwsAsync(fresh(), {message: /away/v});
	await sleep(30);
	t.is(await fresh(), 'leaf');
});
