import test from 'ava';
import fc from 'fast-check';
import {readCertificates} from '../../../../src/certificates/read.ts';
import type {ShakeResult} from '../../../../src/observe/handshake.ts';
import {
	type Attempt,
	type Count,
	counted,
	isAlarming,
	noCount,
	numbersOf,
	outcomeOf,
} from '../../../../src/run/probe/count.ts';
import {makeCa, makeLeaf} from '../../../helpers/pki.ts';

const door = {pod: 'basic-pd-0', component: 'pd', port: 2379};

/** The counts after these attempts, a second apart: a(ccepted), c(ertificate), o(ther). */
const after = (letters: string): Count => {
	const outcomes: Record<string, Attempt['outcome']> = {a: 'accepted', c: 'certificate', o: 'other'};
	let count = noCount(door);
	for (const [index, letter] of [...letters].entries()) {
		count = counted(count, {outcome: outcomes[letter]!, words: '', at: 1000 * index});
	}

	return count;
};

const anyLetters = fc.string({unit: fc.constantFrom('a', 'c', 'o'), maxLength: 40});

test('every attempt is counted once, as what it was', t => {
	fc.assert(fc.property(anyLetters, letters => {
		const {attempts, accepted, certificateFailures, otherFailures} = after(letters);
		const times = (letter: string): number => [...letters].filter(other => other === letter).length;
		t.deepEqual([attempts, accepted, certificateFailures, otherFailures], [letters.length, times('a'), times('c'), times('o')]);
	}));
});

test('it alarms exactly when three certificate failures stand behind the last accepted attempt', t => {
	fc.assert(fc.property(anyLetters, letters => {
		const failures = [...letters.slice(letters.lastIndexOf('a') + 1)].filter(letter => letter === 'c');
		t.is(isAlarming(after(letters)), failures.length >= 3);
	}));
	t.false(isAlarming(after('aoooooocc')), 'a pod that restarts fails, but not by certificates');
});

for (const [letters, gap] of [
	['', 0],
	['a', 0],
	['aa', 1000],
	['aoocaa', 4000],
	['ooaa', 1000],
	['aaooo', 1000],
	['aooaoa', 3000],
] as const) {
	test(`the longest time between two accepted attempts of "${letters}" is ${gap} ms`, t => {
		t.is(after(letters).longestGap, gap);
	});
}

test('the numbers hold what a report shows, and no more', t => {
	const [numbers] = numbersOf([counted({...after('a'), forwardsLost: 2}, {outcome: 'accepted', words: '', at: 1234.5})]);
	t.deepEqual(numbers, {
		...door, attempts: 2, accepted: 2, certificateFailures: 0, otherFailures: 0, forwardsLost: 2, longestGap: 1235,
	});
});

const [ca, strangeCa] = [makeCa(), makeCa()];
const served = readCertificates(makeLeaf(ca, {sans: ['pod']}).cert).certificates[0]!;
const [bundle, strange] = [ca, strangeCa].map(({cert}) => readCertificates(cert).certificates);

for (const [title, result, trusted, outcome, words] of [
	['application bytes from a server that is trusted', {verdict: 'accepted', detail: 'an HTTP reply', served}, bundle!, 'accepted', /an HTTP reply/v],
	['application bytes from a server that is not trusted', {verdict: 'accepted', detail: 'an HTTP reply', served}, strange!, 'certificate', /is not trusted .*signed by no CA/v],
	['a TLS alert for our certificate', {verdict: 'rejected', detail: 'tlsv1 alert unknown ca', served}, bundle!, 'certificate', /refused .*tlsv1 alert unknown ca/v],
	['a TLS alert before a certificate was seen', {verdict: 'rejected', detail: 'tlsv1 alert unknown ca'}, bundle!, 'certificate', /unknown ca/v],
	['a server that is not trusted and closes the connection', {verdict: 'unknown', detail: 'ECONNRESET', served}, strange!, 'certificate', /is not trusted/v],
	['a connection that is refused', {verdict: 'unknown', detail: 'connect ECONNREFUSED'}, bundle!, 'other', /ECONNREFUSED/v],
	['silence', {verdict: 'unknown', detail: 'no answer within 5 s', served}, bundle!, 'other', /no answer/v],
] as Array<[string, ShakeResult, typeof bundle & {}, string, RegExp]>) {
	test(`${title}: ${outcome}`, t => {
		const judged = outcomeOf(result, trusted, Date.now());
		t.is(judged.outcome, outcome as Attempt['outcome']);
		t.regex(judged.words, words);
	});
}

test('a server whose leaf has expired is a certificate failure', t => {
	const judged = outcomeOf({verdict: 'accepted', detail: '', served}, bundle!, Date.parse(served.notAfter) + 1);
	t.is(judged.outcome, 'certificate');
	t.regex(judged.words, /expired/v);
});
