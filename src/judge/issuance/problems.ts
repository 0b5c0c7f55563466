import {caProblems} from './cas.ts';
import {asideProblems, mixedProblems, twiceProblems} from './sides.ts';
import {tryProblems} from './tries.ts';
import type {IssuanceProblem, IssuanceQuestion} from './types.ts';

/** Everything that is wrong with what cert-manager does for a cluster, in the order in which a person would mend it. Pure. */
export const issuanceProblems = (question: IssuanceQuestion): IssuanceProblem[] =>
	[mixedProblems, asideProblems, twiceProblems, tryProblems, caProblems].flatMap(check => check(question));
