import {consumerFindings as problemsOf} from '../plan/consumer-findings.ts';
import type {Evidence, Finding} from './types.ts';

/** What is wrong with those who hold the CA, or a leaf of it, beside the cluster, in whichever namespace. */
export const consumerFindings = ({observation}: Evidence): Finding[] =>
	problemsOf(observation).map(({code, what, fix = ''}) => ({code: code as Finding['code'], what, fix}));

/** Where nobody could look for them. */
export const consumerNotes = ({observation: {consumers}}: Evidence): string[] =>
	(consumers?.unread ?? []).map(what => `${what} may not be read: who holds the CA there is not known`);
