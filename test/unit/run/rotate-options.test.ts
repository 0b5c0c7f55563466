import test from 'ava';
import {Stopped} from '../../../src/run/errors.ts';
import {checkUsage, type RotateOptions} from '../../../src/run/rotate-options.ts';

const usual: RotateOptions = {cluster: 'basic', timeout: 1, minAge: 0};

test('--explain is text: with --output json it is wrong usage', t => {
	const error = t.throws(() => {
		checkUsage({
			...usual, dryRun: true, output: 'json', explain: true,
		});
	}, {instanceOf: Stopped, message: /--explain is for people/v});
	t.is(error.status, 2);
});

for (const output of ['text', 'json'] as const) {
	test(`--output ${output} without --dry-run is wrong usage, which says so`, t => {
		const error = t.throws(() => {
			checkUsage({...usual, output});
		}, {instanceOf: Stopped, message: /--output .* needs --dry-run/v});
		t.is(error.status, 2);
	});

	test(`--output ${output} goes with --dry-run`, t => {
		t.notThrows(() => {
			checkUsage({...usual, output, dryRun: true});
		});
	});
}
