import test from 'ava';
import {
	heldWords,
	type LeaseObject,
	recordOf,
	released,
	renewedAt,
	sameRecord,
	sinceWords,
	takenBy,
} from '../../../src/plan/lease.ts';

const empty: LeaseObject = {apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: {name: 'basic-cert-rotate', namespace: 'tidb'}};
const now = Date.parse('2026-01-01T00:00:00.5Z');
const taken = takenBy(empty, 'anna@box', now);

test('a Lease is taken with times of six digits, as Kubernetes wants them', t => {
	t.deepEqual(taken.spec, {
		holderIdentity: 'anna@box', leaseDurationSeconds: 30, acquireTime: '2026-01-01T00:00:00.500000Z', renewTime: '2026-01-01T00:00:00.500000Z', leaseTransitions: 0,
	});
});

test('taking it over counts, and keeps the resourceVersion: who wrote in between wins', t => {
	const there: LeaseObject = {...taken, metadata: {...taken.metadata, uid: 'a', resourceVersion: '7'}};
	const again = takenBy(there, 'bert@box', now + 60_000);
	t.deepEqual(again.metadata, there.metadata);
	t.deepEqual(recordOf(again), {
		holder: 'bert@box', acquired: '2026-01-01T00:01:00.500000Z', renewed: '2026-01-01T00:01:00.500000Z', seconds: 30, transitions: 1,
	});
});

test('a renewal changes the record, a label does not', t => {
	t.false(sameRecord(taken, renewedAt(taken, now + 10_000)));
	t.true(sameRecord(taken, {...taken, metadata: {...taken.metadata, resourceVersion: '8'}}));
});

test('a released Lease is held by nobody, and still tells when it was used', t => {
	t.deepEqual(recordOf(released(taken)), {...recordOf(taken), holder: ''});
});

test('a Lease that somebody made with nothing in it is held by nobody', t => {
	t.is(recordOf(empty).holder, '');
});

test('the age is told with the time itself', t => {
	t.is(sinceWords('2026-01-01T00:00:00.500000Z', now + 180_000), 'since 2026-01-01T00:00:00Z (3 min)');
});

test('a clock that is behind makes no negative age', t => {
	t.is(sinceWords('2026-01-01T00:00:00.500000Z', now - 180_000), 'since 2026-01-01T00:00:00Z (0 s)');
});

test('a time that is none is said to be unknown', t => {
	t.is(sinceWords('', now), 'since an unknown time');
});

test('who holds it is told with its age and its last sign of life', t => {
	const renewed = renewedAt(taken, now + 60_000);
	t.is(heldWords(recordOf(renewed), now + 90_000), 'anna@box since 2026-01-01T00:00:00Z (90 s), renewed 2026-01-01T00:01:00Z');
});
