import type {ComponentName} from '../../cluster/types.ts';
import type {Looked} from './detect.ts';

/** Everything that can be wrong with what cert-manager does for a cluster, in a word that stays. */
export const issuanceCodes = [
	'mixed-issuance',
	'certificate-aside',
	'certificate-twice',
	'issuer-not-ready',
	'request-failed',
	'request-pending',
	'certificate-not-ready',
	'renewal-overdue',
	'ca-renewed',
	'ca-renews',
	'will-outlive-ca',
	'certificate-differs',
] as const;

/** What is wrong; nothing that runs is broken by it yet. */
export type IssuanceProblem = {
	code: typeof issuanceCodes[number];
	component?: ComponentName;
	/** The Secret that it concerns, where it is one. */
	secret?: string;
	what: string;
	fix: string;
};

/** What is judged, at `now`, in milliseconds since the epoch. */
export type IssuanceQuestion = Looked & {
	now: number;
	/** How far ahead of what is to come something is said of it, in milliseconds. */
	within: number;
};
