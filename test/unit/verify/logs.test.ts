import test from 'ava';
import fc from 'fast-check';
import {failuresIn, withoutTries} from '../../../src/verify/logs.ts';
import {lastBegan, rejectedTries} from '../../../src/verify/tried.ts';

const time = '2026-01-01T00:00:00.123456789Z';
const since = '2026-01-01T00:00:00Z';

const failing = [
	'http: TLS handshake error from 10.0.0.1:40000: tls: failed to verify certificate: x509: certificate signed by unknown authority',
	'[WARN] ["rejected connection"] [error="remote error: tls: bad certificate"]',
	'tls: client didn\'t provide a certificate',
	'local error: tls: bad record MAC',
	'x509: certificate has expired or is not yet valid: current time …',
	'Handshake failed with fatal error SSL_ERROR_SSL: error:1417C086:SSL routines:tls_process_client_certificate:certificate verify failed.',
	'sslv3 alert bad certificate',
];

const harmless = [
	'http: TLS handshake error from 10.0.0.1:40000: EOF',
	'http: TLS handshake error from 10.0.0.1:40000: read tcp: connection reset by peer',
	'certificate, key and CA reloaded',
	'[INFO] loaded config [cert-path=/var/lib/pd-tls/tls.crt]',
	'GetTLSConfig took 3 ms',
	'pd status sync failed, can not to be upgraded',
];

for (const text of failing) {
	test(`counts: ${text}`, t => {
		t.deepEqual(failuresIn(`${time} ${text}\n`, since), [{time: Date.parse(time), text}]);
	});
}

for (const text of harmless) {
	test(`does not count: ${text}`, t => {
		t.deepEqual(failuresIn(`${time} ${text}\n`, since), []);
	});
}

test('what is older than asked for does not count', t => {
	t.deepEqual(failuresIn(`${time} x509: no\n`, '2026-01-01T00:00:01Z'), []);
});

test('what has no time does not count', t => {
	t.deepEqual(failuresIn('x509: no\n', since), []);
});

const second = 1000;

test('a rejected try accounts for one error in its time, and for none outside it', t => {
	fc.assert(fc.property(fc.nat(20), fc.nat(20), fc.nat(20), (inside, outside, rejected) => {
		const errors = [
			...Array.from({length: inside}, (_, index) => ({time: (100 + index) * second, text: 'in'})),
			...Array.from({length: outside}, (_, index) => ({time: ((index % 2 === 0 ? 10 : 1000) + index) * second, text: 'out'})),
		];
		const {left, matched} = withoutTries(errors, [{
			pod: 'a', from: 100 * second, to: 120 * second, rejected,
		}]);
		t.is(matched, Math.min(inside, rejected));
		t.is(left.filter(({text}) => text === 'out').length, outside);
	}));
});

test('two looks in a row account for their own errors', t => {
	const errors = [100, 101, 200, 201, 202].map(at => ({time: at * second, text: 'x509'}));
	const tries = [100, 200].map(at => ({
		pod: 'a', from: at * second, to: (at + 2) * second, rejected: 2,
	}));
	t.deepEqual(withoutTries(errors, tries).left.map(error => error.time), [202 * second]);
});

const entry = (at: number, event: string, facts: Record<string, unknown> = {}) => ({time: new Date(at * second).toISOString(), event, ...facts});

const journals: Array<[title: string, events: string[], began: number | undefined]> = [
	['an empty journal', [], undefined],
	['tries alone', ['handshakes'], undefined],
	['one run', ['start', 'step', 'finish'], 0],
	['a run that was gone on with, after another', ['start', 'finish', 'start', 'step', 'start', 'finish'], 2],
	['a run that is not finished, after another', ['start', 'finish', 'start', 'step', 'start'], 2],
	['a run that was gone on with, and tries after it', ['start', 'step', 'start', 'handshakes', 'finish', 'handshakes'], 0],
];

for (const [title, events, began] of journals) {
	test(`${title}: the last rotation began ${began === undefined ? 'never' : `with event ${began}`}`, t => {
		const found = lastBegan(events.map((event, index) => entry(index, event)));
		t.is(found, began === undefined ? undefined : entry(began, 'start').time);
	});
}

test('the journal tells which tries were not accepted, of which pod and when, with those that ended with their forwarder', t => {
	const of = (pod: string, verdict: string, {attempts = 1, lost}: {attempts?: number; lost?: number} = {}) => ({
		pod, port: 1, present: 'control', verdict, attempts, ...(lost !== undefined && {lost}),
	});
	const tries = [of('a', 'accepted'), of('a', 'rejected'), of('a', 'unknown', {attempts: 4}), of('b', 'rejected', {lost: 2})];
	const began = new Date(50 * second).toISOString();
	t.deepEqual(rejectedTries([entry(1, 'start'), entry(60, 'handshakes', {began, tries})]), [
		{
			pod: 'a', from: 50 * second, to: 60 * second, rejected: 5,
		},
		{
			pod: 'b', from: 50 * second, to: 60 * second, rejected: 3,
		},
	]);
});
