import {performance} from 'node:perf_hooks';
import test from 'ava';
import type {Observation} from '../../../src/observe/types.ts';
import type {RunContext} from '../../../src/run/context.ts';
import {soak} from '../../../src/run/soak.ts';
import {makeMaterial, observationOf} from '../../helpers/observation.ts';

const quiet: Observation = observationOf(makeMaterial());
const unready: Observation = {...quiet, pods: quiet.pods.map((pod, index) => index === 0 ? {...pod, ready: false} : pod)};

/** Milliseconds: on a busy machine too, three looks are over by then. */
const long = 1200;

/** A run that sees these looks, the last of them again and again. */
const seeing = (looks: Observation[], {timeout = 60_000, signal = new AbortController().signal} = {}) => {
	const said: string[] = [];
	const seen = {at: [] as number[]};
	const context = {
		timeout,
		signal,
		goOn: 'npm run rotate -- --cluster basic',
		say(text: string) {
			said.push(text);
		},
		looks: {
			async observe() {
				const now = looks[Math.min(seen.at.length, looks.length - 1)]!;
				seen.at.push(performance.now());
				return now;
			},
		},
	} as unknown as RunContext;
	return {context, said, seen};
};

test('a cluster that is well all the time is waited for once', async t => {
	const {context, said} = seeing([quiet]);
	const began = performance.now();
	await soak(context, 80);
	t.is(said.length, 1);
	t.true(performance.now() - began >= 80);
});

test('a wobble is named', async t => {
	const {context, said} = seeing([quiet, quiet, unready, quiet]);
	await soak(context, long);
	t.deepEqual(said.slice(1), [`    … ${quiet.pods[0]!.name} is not Ready: the time begins anew`]);
});

test('after a wobble the whole time is waited for anew', async t => {
	const {context, seen} = seeing([quiet, quiet, unready, quiet]);
	await soak(context, long);
	// The third look saw it, the last one ended the wait.
	t.true(seen.at.at(-1)! - seen.at[2]! > long - 1);
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
