import {spellDuration} from '../cluster/duration.ts';

/** A Lease as kubectl prints it, as far as this tool reads it. */
export type LeaseObject = {
	apiVersion: 'coordination.k8s.io/v1';
	kind: 'Lease';
	metadata: {name: string; namespace: string; uid?: string; resourceVersion?: string};
	spec?: {holderIdentity?: string; leaseDurationSeconds?: number; acquireTime?: string; renewTime?: string; leaseTransitions?: number};
};

/** What of a Lease decides. Times are the holder's words, never compared with our clock but to show them. */
export type LeaseRecord = {
	/** '' when nobody holds it. */
	holder: string;
	acquired: string;
	renewed: string;
	/** How long an unchanged record counts. */
	seconds: number;
	transitions: number;
};

/** How long our own record counts, in seconds. */
export const leaseSeconds = 30;

/** The record of a Lease; what its writer left out is empty, and its duration ours. */
export const recordOf = ({spec = {}}: LeaseObject): LeaseRecord => ({
	holder: spec.holderIdentity ?? '',
	acquired: spec.acquireTime ?? '',
	renewed: spec.renewTime ?? '',
	seconds: spec.leaseDurationSeconds ?? leaseSeconds,
	transitions: spec.leaseTransitions ?? 0,
});

/** The same Lease with another record. The resourceVersion stays in it: who wrote in between wins. */
const withRecord = (lease: LeaseObject, {holder, acquired, renewed, seconds, transitions}: LeaseRecord): LeaseObject => ({
	...lease,
	spec: {
		...lease.spec, holderIdentity: holder, leaseDurationSeconds: seconds, acquireTime: acquired, renewTime: renewed, leaseTransitions: transitions,
	},
});

/** Milliseconds since the epoch as Kubernetes' MicroTime wants them: six digits, no fewer. */
const microTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');

/** A Lease held by `holder` from `now` on, in milliseconds since the epoch. */
export const takenBy = (lease: LeaseObject, holder: string, now: number): LeaseObject => withRecord(lease, {
	holder, acquired: microTime(now), renewed: microTime(now), seconds: leaseSeconds, transitions: lease.spec ? recordOf(lease).transitions + 1 : 0,
});

/** The same, renewed at `now`. */
export const renewedAt = (lease: LeaseObject, now: number): LeaseObject => withRecord(lease, {...recordOf(lease), renewed: microTime(now)});

/** The same, held by nobody. */
export const released = (lease: LeaseObject): LeaseObject => withRecord(lease, {...recordOf(lease), holder: ''});

/** Whether a holder has done nothing between two looks. Labels and annotations are not its doing. */
export const sameRecord = (one: LeaseObject, other: LeaseObject): boolean => JSON.stringify(recordOf(one)) === JSON.stringify(recordOf(other));

/** `since 2026-01-01T00:00:00Z (3 min)`, for people: by two clocks, so it may be off. `now` in milliseconds since the epoch. */
export const sinceWords = (time: string, now: number): string => {
	const age = now - Date.parse(time);
	return Number.isNaN(age) ? 'since an unknown time' : `since ${time.replace(/\.\d+/v, '')} (${spellDuration(Math.max(age, 0))})`;
};

/** Who holds a Lease, since when, and when it was renewed, for people. */
export const heldWords = ({holder, acquired, renewed}: LeaseRecord, now: number): string =>
	`${holder} ${sinceWords(acquired, now)}, renewed ${renewed.replace(/\.\d+/v, '')}`;
