import test from 'ava';
import fc from 'fast-check';
import {casesIn, seedOf, shardOf} from '../../kill/campaign.ts';

const inTitlesOrder = (cases: Array<{title: string}>): string[] => cases.map(({title}) => title).toSorted();

const titles = fc.uniqueArray(fc.string(), {minLength: 1}).map(words => words.map(title => ({title})));
const seeds = fc.nat();

test('the shards have every case between them, each once', t => {
	fc.assert(fc.property(titles, fc.integer({min: 1, max: 5}), seeds, (cases, of, seed) => {
		const shared = Array.from({length: of}, (_, index) => casesIn(cases, {shard: {index: index + 1, of}, seed})).flat();
		t.deepEqual(inTitlesOrder(shared), inTitlesOrder(cases));
	}));
});

test('a shard has the same cases with every seed', t => {
	fc.assert(fc.property(titles, seeds, seeds, (cases, one, other) => {
		const shard = {index: 1, of: 2};
		t.deepEqual(inTitlesOrder(casesIn(cases, {shard, seed: one})), inTitlesOrder(casesIn(cases, {shard, seed: other})));
	}));
});

const many = Array.from({length: 20}, (_, index) => ({title: `case ${index}`}));
const shard = {index: 1, of: 1};

test('a seed chooses the same order again', t => {
	t.deepEqual(casesIn(many, {shard, seed: 7}), casesIn(many, {shard, seed: 7}));
});

test('another seed chooses another order', t => {
	t.notDeepEqual(casesIn(many, {shard, seed: 7}), casesIn(many, {shard, seed: 8}));
});

test('without a seed the cases keep their order', t => {
	t.deepEqual(casesIn(many, {shard}), many);
});

for (const text of ['0/2', '3/2', '1', '1/x', '']) {
	test(`SHARD=${text} is refused`, t => {
		t.throws(() => shardOf(text), {instanceOf: RangeError});
	});
}

for (const text of ['x', '-1', '1.5', '']) {
	test(`SEED=${text} is refused`, t => {
		t.throws(() => seedOf(text), {instanceOf: RangeError});
	});
}
