import test from 'ava';
import fc from 'fast-check';
import {type Named, withinBurst} from '../../../src/observe/within-burst.ts';

const named = fc.record({name: fc.string(), requests: fc.constantFrom(1, 2)});

const requestsOf = (group: Named[]): number => group.reduce((sum, {requests}) => sum + requests, 0);

test('no call makes more than ten requests', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(named), objects => withinBurst(objects).every(group => requestsOf(group) <= 10)));
	});
});

test('every object is asked for once, in its order', t => {
	fc.assert(fc.property(fc.array(named), objects => {
		t.deepEqual(withinBurst(objects).flat(), objects);
	}));
});

test('no call is made for nothing', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(named), objects => withinBurst(objects).every(group => group.length > 0)));
	});
});

test('what ten requests suffice for is one call', t => {
	const objects = Array.from({length: 10}, (_, index) => ({name: String(index), requests: 1}));
	t.deepEqual(withinBurst(objects), [objects]);
});
