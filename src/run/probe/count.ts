import type {CertificateFacts} from '../../certificates/types.ts';
import {verifies} from '../../certificates/verify.ts';
import type {ShakeResult} from '../../observe/handshake.ts';
import type {ProbeTarget} from '../../report/numbers.ts';

/** What became of one connection, and why in words. Times in milliseconds, of a clock that only runs forward. */
export type Attempt = {outcome: 'accepted' | 'certificate' | 'other'; words: string; at: number};

/** The counts of one port, with what is needed to go on counting. */
export type Count = ProbeTarget & {
	/** When the last accepted attempt was. */
	acceptedAt?: number;
	/** Certificate failures since the last accepted attempt. */
	inARow: number;
};

/** So many certificate failures in a row at one port stop a run. */
export const failuresAtMost = 3;

/** The counts of a port before the first attempt. */
export const noCount = ({pod, component, port}: Pick<ProbeTarget, 'pod' | 'component' | 'port'>): Count => ({
	pod, component, port, attempts: 0, accepted: 0, certificateFailures: 0, otherFailures: 0, forwardsLost: 0, longestGap: 0, inARow: 0,
});

/**
Judges a handshake as a client would that has this bundle: a leaf that it does not verify fails whatever the server thought of ours.
`now` is in milliseconds since the epoch.
*/
export const outcomeOf = ({verdict, detail, served}: ShakeResult, bundle: CertificateFacts[], now: number): Pick<Attempt, 'outcome' | 'words'> => {
	const verification = served && verifies(served, bundle, now);
	if (verification?.ok === false) {
		return {outcome: 'certificate', words: `the leaf that it serves is not trusted by the client Secret's bundle: ${verification.reason}`};
	}

	return verdict === 'rejected'
		? {outcome: 'certificate', words: `it refused the client Secret's leaf: ${detail}`}
		: {outcome: verdict === 'accepted' ? 'accepted' : 'other', words: detail};
};

const counters = {accepted: 'accepted', certificate: 'certificateFailures', other: 'otherFailures'} as const;

/** The counts after one more attempt. A failure of another kind does not end a row: it says nothing of certificates. */
export const counted = (count: Count, {outcome, at}: Attempt): Count => {
	const next = {...count, attempts: count.attempts + 1, [counters[outcome]]: count[counters[outcome]] + 1};
	if (outcome === 'accepted') {
		return {
			...next, acceptedAt: at, inARow: 0, longestGap: Math.max(count.longestGap, at - (count.acceptedAt ?? at)),
		};
	}

	return outcome === 'certificate' ? {...next, inARow: count.inARow + 1} : next;
};

/** Whether the row of certificate failures is long enough to stop a run. */
export const isAlarming = ({inARow}: Count): boolean => inARow >= failuresAtMost;

/** The numbers for a summary, without what only counting needs; gaps in whole milliseconds. */
export const numbersOf = (counts: Count[]): ProbeTarget[] => counts.map(({acceptedAt, inARow, ...numbers}) => ({...numbers, longestGap: Math.round(numbers.longestGap)}));
