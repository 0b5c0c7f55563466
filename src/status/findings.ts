import type {Cluster} from '../cluster/types.ts';
import type {SecretFacts} from '../observe/types.ts';
import {secretProblems} from '../run/preflight/secrets.ts';
import {componentSecrets} from './component-secrets.ts';
import {trustFindings} from './trust-findings.ts';
import {validityFindings} from './validity-findings.ts';

/** Something that is wrong with a cluster's certificates. */
export type Finding = {
	/** Stable and short: `expired`, `key-misfit`. */
	code: string;
	/** `critical`: a connection fails already, or the next restart breaks one; `warning`: nothing is broken yet. */
	severity: 'critical' | 'warning';
	/** What is wrong and where, in one sentence without a full stop. */
	what: string;
	/** The next move. */
	fix: string;
	/** The Secret that it is about; null where it is about the cluster folder. */
	secret: string | null;
};

/** What is judged: the Secrets of one cluster by their names, at `now` in milliseconds since the epoch. */
export type Judged = {cluster: Cluster; secrets: Record<string, SecretFacts>; now: number};

/** Of each Secret by itself. An immutable one works until it has to be changed. */
const contentFindings = ({cluster, secrets}: Judged): Finding[] => componentSecrets(cluster, secrets).flatMap(secret =>
	secretProblems(secret).map(({code, what, fix = ''}) => ({
		code, severity: code === 'immutable' ? 'warning' : 'critical', what, fix, secret: secret.name,
	})));

/**
What is wrong with the certificates in a cluster's Secrets, as far as it can be seen without asking a pod. Pure; the keys are
judged where they were read.
*/
export const secretFindings = (judged: Judged): Finding[] => [...contentFindings(judged), ...validityFindings(judged), ...trustFindings(judged)];
