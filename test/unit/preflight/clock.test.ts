import test from 'ava';
import {clockProblem} from '../../../src/run/preflight/clock.ts';

const server = '2026-03-01T12:00:00Z';
const at = Date.parse(server);
const minute = 60_000;
const slow = 10 * minute;

/** What is said when our clock shows this much more than the server's, and the answer took 200 ms. */
const problem = (milliseconds: number) => clockProblem(server, {before: at + milliseconds - 100, after: at + milliseconds + 100});

test('clocks that are a few minutes apart, as cfssl allows, are no problem', t => {
	t.is(problem(0), undefined);
	t.is(problem(4 * minute), undefined);
	t.is(problem(-4 * minute), undefined);
});

test('a clock that is ahead of the API server\'s is named: what it makes is not valid yet', t => {
	const {code, what} = problem(10 * minute)!;
	t.is(code, 'clock');
	t.regex(what, /the clock of this machine is (?:10|9)(?:\.\d+)? min.* ahead of the API server's: new certificates would not be valid yet/v);
});

test('a clock that is behind the API server\'s is named', t => {
	t.regex(problem(-10 * minute)!.what, /behind the API server's: what has expired is not seen/v);
});

test('a slow answer is not taken for a clock that is off', t => {
	t.is(clockProblem(server, {before: at - slow, after: at + slow}), undefined);
});

test('an answer that is no time is not judged', t => {
	t.is(clockProblem('', {before: at, after: at}), undefined);
});
