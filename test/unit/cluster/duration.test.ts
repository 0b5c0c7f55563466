import test from 'ava';
import {parseGoDuration, spellDuration} from '../../../src/cluster/duration.ts';

const read = test.macro({
	exec(t, text: string, milliseconds: number | undefined) {
		t.is(parseGoDuration(text), milliseconds);
	},
	title: (_, text) => `reads ${JSON.stringify(text)} as Go does`,
});

test(read, '8760h', 31_536_000_000);
test(read, '1h30m', 5_400_000);
test(read, '1.5h', 5_400_000);
test(read, '.5s', 500);
test(read, '1.h', 3_600_000);
test(read, '100ms', 100);
test(read, '5\u{B5}s', 0.005);
test(read, '5\u{3BC}s', 0.005);
test(read, '-5m', -300_000);
test(read, '0', 0);
test(read, '365d', undefined);
test(read, '1y', undefined);
test(read, '365', undefined);
test(read, '1h 2m', undefined);
test(read, 'h', undefined);
test(read, '', undefined);
test(read, '.h', undefined);

test('spells a duration for a person', t => {
	t.deepEqual([31_536_000_000, 86_400_000, 300_000, 30_000].map(milliseconds => spellDuration(milliseconds)), ['365 d', '24 h', '5 min', '30 s']);
});
