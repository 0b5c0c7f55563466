import {
	datedOf,
	expiredFix,
	expiredUnused,
	outlivingProblems,
	timeProblems,
} from '../judge/expiry.ts';
import {heldBy, leavesOf} from '../judge/held.ts';
import {commandFor} from '../judge/words.ts';
import type {Finding, Judged} from './findings.ts';

/** What has expired or is not valid yet, and leaves that count on a CA which ends before them. */
export const validityFindings = ({cluster, now, ...observation}: Judged): Finding[] => {
	const leaves = leavesOf({cluster, observation});
	return [
		...datedOf(leaves).flatMap(dated => timeProblems(dated, now, expiredFix(dated, cluster)).map((problem): Finding => ({
			...problem, severity: 'critical', secret: dated.held.secret.name,
		}))),
		...expiredUnused(heldBy({cluster, observation}), now).map((unused): Finding => ({
			...unused, code: 'expired-unused', severity: 'warning', fix: commandFor(cluster, 'rotate', '--retire-old-ca'),
		})),
		...outlivingProblems(leaves, cluster).map(({held, ...problem}): Finding => ({...problem, severity: 'warning', secret: held.secret.name})),
	];
};
