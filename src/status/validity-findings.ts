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
	const held = heldBy({cluster, observation});
	return [
		...datedOf(held).flatMap(dated => timeProblems(dated, now, expiredFix(dated, cluster)).map((problem): Finding => ({
			...problem, severity: 'critical', secret: dated.held.secret.name,
		}))),
		...expiredUnused(held, now).map((unused): Finding => ({
			...unused, code: 'expired-unused', severity: 'warning', fix: commandFor(cluster, 'rotate', '--retire-old-ca'),
		})),
		...outlivingProblems(leavesOf({cluster, observation}), cluster).map(({held: {secret}, ...problem}): Finding => ({...problem, severity: 'warning', secret: secret.name})),
	];
};
