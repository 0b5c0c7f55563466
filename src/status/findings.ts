import type {Cluster} from '../cluster/types.ts';
import {componentSecrets} from '../judge/held.ts';
import {secretProblems} from '../judge/secrets.ts';
import {issuanceProblems} from '../judge/issuance/problems.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import type {SecretFacts} from '../observe/types.ts';
import type {ClusterStatus} from './schema.ts';
import {trustFindings} from './trust-findings.ts';
import {validityFindings} from './validity-findings.ts';

/** Something that is wrong with a cluster's certificates. */
export type Finding = ClusterStatus['findings'][number];

/**
What is judged: the Secrets of one cluster by their names, at `now` in milliseconds since the epoch, and what cert-manager's objects say
where somebody looked.
*/
export type Judged = {cluster: Cluster; secrets: Record<string, SecretFacts>; now: number; issuance?: IssuanceFacts | undefined};

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

/** The same of what cert-manager does for them; `within` is how far ahead somebody wants to know of what is to come, in milliseconds. */
export const issuanceFindings = (judged: Judged, within: number): Finding[] => issuanceProblems({...judged, within}).map(({code, what, fix, secret = null}) => ({
	code, severity: 'warning', what, fix, secret,
}));
