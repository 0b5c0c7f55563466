import test from 'ava';
import type {Observation} from '../../../src/observe/types.ts';
import type {RunContext} from '../../../src/run/context.ts';
import {soak} from '../../../src/run/soak.ts';
import {makeMaterial, observationOf} from '../../helpers/observation.ts';

const quiet: Observation = observationOf(makeMaterial());
const unready: Observation = {...quiet, pods: quiet.pods.map((pod, index) => index === 0 ? {...pod, ready: false} : pod)};

/** A run that sees these looks, the last of them again and again. */
const seeing = (looks: Observation[], {timeout = 60_000, signal = new AbortController().signal} = {}) => {
	const said: string[] = [];
	const seen = {count: 0};
	const context = {
		timeout,
		signal,
		goOn: 'npm run rotate -- --cluster basic',
		say(text: string) {
			said.push(text);
		},
		async observe() {
			const now = looks[Math.min(seen.count, looks.length - 1)]!;
			seen.count++;
			return now;
		},
	} as unknown as RunContext;
	return {context, said, seen};
};

test('a cluster that is well all the time is waited for once', async t => {
	const {context, said, seen} = seeing([quiet]);
	await soak(context, 80);
	t.is(said.length, 1);
	t.true(seen.count >= 3, `${seen.count} looks`);
});

test('a wobble is named, and the time begins anew', async t => {
	const {context, said, seen} = seeing([quiet, quiet, unready, quiet]);
	await soak(context, 200);
	t.deepEqual(said.slice(1), [`    … ${quiet.pods[0]!.name} is not Ready: the time begins anew`]);
	// The looks before the wobble do not count: as many follow it as a quiet time takes.
	t.true(seen.count >= 6, `${seen.count} looks`);
});

test('a cluster that does not get well ends the wait, with what is wrong', async t => {
	const {context} = seeing([unready], {timeout: 100});
	const error = await t.throwsAsync(soak(context, 40));
	t.true(error.message.includes(`${quiet.pods[0]!.name} is not Ready`), error.message);
});

test('an interrupt ends the wait at once, and it can be gone on from', async t => {
	const {context} = seeing([quiet], {signal: AbortSignal.abort()});
	await t.throwsAsync(soak(context, 60_000), {message: /the time begins anew/v});
});
