import test from 'ava';
import {Stopped} from '../../../src/run/errors.ts';
import {
	checkUsage,
	goOnCommand,
	type RotateOptions,
} from '../../../src/run/rotate-options.ts';
import {probeWish} from '../../../src/run/probe/options.ts';
import {cluster} from '../../helpers/observation.ts';

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

for (const [title, options, words] of [
	['--probe-interval without --probe', {probeInterval: 2000}, /needs --probe/v],
	['--probe-interval 0', {probe: true, probeInterval: 0}, /1s or more/v],
] as const) {
	test(`${title} is wrong usage, which says so`, t => {
		const error = t.throws(() => {
			checkUsage({...usual, ...options});
		}, {instanceOf: Stopped, message: words});
		t.is(error.status, 2);
	});
}

test('the probe connects once a second unless told otherwise', t => {
	t.is(probeWish(usual, {stops: true}), undefined);
	t.deepEqual(probeWish({...usual, probe: true}, {stops: true}), {interval: 1000, stops: true});
	t.deepEqual(probeWish({...usual, probe: true, probeInterval: 10_000}, {stops: false}), {interval: 10_000, stops: false});
});

test('the command that goes on probes as this one did', t => {
	t.is(goOnCommand({...usual, probe: true, probeInterval: 10_000}, cluster), 'npm run rotate -- --cluster basic --probe --probe-interval 10s --min-age 0s');
	t.false(goOnCommand(usual, cluster).includes('--probe'));
});
