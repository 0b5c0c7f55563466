import test from 'ava';
import type {Observation} from '../../../src/observe/types.ts';
import {openLooks} from '../../../src/run/looks.ts';

const at = (now: number): Observation => ({now} as unknown as Observation);

/** Looks that were begun with one made at `first`; the others are made as they are asked for. */
const begin = (first: number) => {
	const made: Observation[] = [];
	const looks = openLooks(at(first), async () => {
		const seen = at(Date.now());
		made.push(seen);
		return seen;
	});
	return {looks, made};
};

test('what was seen a moment ago is not looked at again', async t => {
	const {looks, made} = begin(Date.now());
	t.is(await looks.observeUnlessRecent(), looks.latest());
	t.is(made.length, 0);
});

test('what was seen a second ago is looked at again', async t => {
	const {looks, made} = begin(Date.now() - 1000);
	const seen = await looks.observeUnlessRecent();
	t.deepEqual(made, [seen]);
	t.is(looks.latest(), seen);
});

test('what was seen before a write is looked at again', async t => {
	const {looks, made} = begin(Date.now());
	looks.writing();
	const seen = await looks.observeUnlessRecent();
	t.deepEqual(made, [seen]);
});

test('what was seen after a write is not looked at again', async t => {
	const {looks, made} = begin(Date.now());
	looks.writing();
	const seen = await looks.observe();
	t.is(await looks.observeUnlessRecent(), seen);
	t.is(made.length, 1);
});

test('who asks to look now is never given an earlier look', async t => {
	const {looks, made} = begin(Date.now());
	const seen = await looks.observe();
	t.deepEqual(made, [seen]);
});
