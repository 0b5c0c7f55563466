import {issuanceCodes} from '../judge/issuance/types.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';

/** What is proved of each TLS port of each pod, in the order in which it is shown. */
export const proofs = ['folder', 'key', 'mounted', 'served', 'chain', 'names', 'commonName', 'usages', 'clients', 'loaded'] as const;

export type ProofName = typeof proofs[number];

/** Everything that can be wrong, in a word that stays. README.md says what each means. */
export const codes = [
	'no-secret',
	'no-key',
	'unreadable',
	'key-misfit',
	'immutable',
	'owned',
	'expired',
	'not-yet-valid',
	'not-trusted',
	'bundles-differ',
	'duplicate-ca',
	'outlives-ca',
	'same-subject',
	'common-name',
	'missing-name',
	'usage',
	'folder-differs',
	'mounted-differs',
	'no-answer',
	'served-differs',
	'refused',
	'stranger-accepted',
	'not-loaded',
	'log-errors',
	'consumer-ca',
	'consumer-leaf',
	'consumer-behind',
	...issuanceCodes,
] as const;

/** Something that is wrong. Without `pod` it concerns every pod of the component, without `port` every port. */
export type Finding = {
	code: typeof codes[number];
	/** The proof that fails by it; none for what no port can show. */
	proof?: ProofName;
	component?: ComponentName;
	pod?: string;
	port?: number;
	/** What is wrong and where, in one sentence without a full stop. */
	what: string;
	/** The next move. */
	fix: string;
};

/** The log of one pod, as far as it was read. */
export type PodLog = {
	namespace: string;
	pod: string;
	/** The lines that speak of a certificate or of TLS failing, oldest first; `time` in milliseconds since the epoch. */
	errors: Array<{time: number; text: string}>;
	/** The log is longer than what is read of it. */
	isCut: boolean;
	/** Why it could not be read. */
	problem?: string;
};

/** Tries of the tool's own that a pod rejected, and the time within which they were made, in milliseconds since the epoch. */
export type Tries = {pod: string; rejected: number; from: number; to: number};

export type Logs = {
	/** ISO 8601. */
	since: string;
	/** Why from there on, in words. */
	why: string;
	pods: PodLog[];
	tries: Tries[];
	/** Why no operator's log was looked at, where none was. */
	problem?: string;
};

/** All that is judged. Handshakes and looks into containers are in the observation. */
export type Evidence = {
	cluster: Cluster;
	observation: Observation;
	/** The names and addresses that the documents put into each component's certificate. */
	standard: Partial<Record<ComponentName, string[]>>;
	logs: Logs;
	/** What was found besides: by openssl, and by rotate's own checks. */
	others: Finding[];
};

/** Whether one thing is proved of one port: `unknown` where it could not be seen, `none` where there is nothing to prove. */
export type Cell = {result: 'yes' | 'no' | 'unknown' | 'none'; how: string};

/** One TLS port of one pod; the cluster client certificate has a row without a pod. */
export type Row = {
	component: ComponentName;
	secret: string;
	pod?: string;
	port?: number;
	use?: string;
	proofs: Record<ProofName, Cell>;
};

export type Verified = {
	rows: Row[];
	findings: Finding[];
	/** What a person should know that is not wrong. */
	notes: string[];
};
