import test from 'ava';
import {patiently} from '../../../src/run/patience.ts';
import {ProgramError} from '../../../src/run/program.ts';

const error = (stderr: string): ProgramError => new ProgramError({
	what: 'reading the Secrets', command: 'kubectl get secrets', stderr, exitCode: 1, ended: 'status 1',
});

/** Fails with each of these, then works. */
const failing = (...failures: Error[]) => async (): Promise<string> => {
	const failure = failures.shift();
	if (failure) {
		throw failure;
	}

	return 'done';
};

test('an API server that is away for a moment is asked again, and each failed try is told', async t => {
	const said: string[] = [];
	const away = error('The connection to the server 127.0.0.1:6443 was refused');
	t.is(await patiently(failing(away, away), {
		say(text) {
			said.push(text);
		},
	}), 'done');
	t.deepEqual(said.map(text => text.slice(0, 11)), ['    … try 1', '    … try 2']);
	t.true(said[0]!.includes('was refused'));
});

for (const [title, failure] of [
	['a refusal', error('Error from server (Forbidden): secrets "a" is forbidden')],
	['something else than a program', new Error('a mistake')],
] as const) {
	test(`${title} is not tried again`, async t => {
		const said: string[] = [];
		const say = (text: string): void => {
			said.push(text);
		};

		await t.throwsAsync(patiently(failing(failure), {say}), {is: failure});
		t.deepEqual(said, []);
	});
}

test('it gives up with the last failure when the time is over', async t => {
	const last = error('Error from server (ServiceUnavailable): apiserver not ready');
	const work = failing(error('away'), last, error('away'));
	await t.throwsAsync(patiently(work, {say: () => undefined, limit: 500}), {is: last});
});

test('it gives up at once when the run is interrupted', async t => {
	const controller = new AbortController();
	const failure = error('away');
	const run = patiently(failing(failure, failure, failure, failure, failure), {say: () => undefined, signal: controller.signal});
	setTimeout(() => {
		controller.abort();
	}, 300);
	const started = Date.now();
	await t.throwsAsync(run, {is: failure});
	t.true(Date.now() - started < 900);
});
