import {type Dated, datedOf} from '../judge/expiry.ts';
import {heldBy} from '../judge/held.ts';
import {type Deadline, deadlinesOf} from '../judge/issuance/deadlines.ts';
import {issuanceOf} from '../judge/issuance/detect.ts';
import {estimate} from '../plan/rotation-time.ts';
import type {Judged} from './findings.ts';
import {type Restarted, type RestartTime, restartTime} from './restart-time.ts';

export type Due = {
	/** What ends first; undefined where no Secret holds a certificate. */
	earliest?: Dated;
	/** What has to be forestalled first: that, unless cert-manager sees to it by itself, or does something before that breaks trust. */
	deadline?: Deadline;
	restart: RestartTime;
	/** Pods that a rotation restarts. */
	pods: number;
	/** Milliseconds that a rotation takes: phases trust and reissue, and where it belongs to them, retire. */
	takes: number;
	/** The latest safe start, in milliseconds since the epoch: the deadline, less what a rotation takes. */
	by?: number;
};

/** What ends first of the leaves and of the CAs that signed them; with `leavesOnly` of the leaves. */
const earliestOf = ({cluster, ...observation}: Judged, leavesOnly: boolean): Dated | undefined => datedOf(heldBy({cluster, observation}))
	.filter(({is}) => is === 'leaf' || !leavesOnly)
	.toSorted((one, other) => Date.parse(one.certificate.notAfter) - Date.parse(other.certificate.notAfter))[0];

const deadlineOf = (judged: Judged, leavesOnly: boolean): Deadline | undefined => {
	const leaf = leavesOnly ? earliestOf(judged, true) : undefined;
	const found = leaf ? [{at: Date.parse(leaf.certificate.notAfter), why: 'expires' as const, what: leaf.what}] : deadlinesOf(judged, judged.now);
	return found.toSorted((one, other) => one.at - other.at)[0];
};

/** How often every pod restarts: where cert-manager issues, taking the old CA away belongs to a rotation. */
const restartsOf = (judged: Judged, leavesOnly: boolean): number => leavesOnly ? 1 : (issuanceOf(judged).by === 'cert-manager' ? 3 : 2);

export type DueInput = Judged & {
	/** How many pods the TidbCluster's spec asks for. */
	replicas: number;
	/** The pods that were seen. */
	pods: Restarted[];
	/** Leaves alone are renewed. */
	leavesOnly?: boolean;
};

/** By when a rotation has to begin, and why. Pure. */
export const dueOf = ({replicas, pods, leavesOnly = false, ...judged}: DueInput): Due => {
	const earliest = earliestOf(judged, leavesOnly);
	const deadline = deadlineOf(judged, leavesOnly);
	const restart = restartTime(pods);
	const count = Math.max(replicas, pods.length);
	const takes = estimate(count, restartsOf(judged, leavesOnly), restart.perPod);
	return {
		restart,
		pods: count,
		takes,
		...(earliest && {earliest}),
		...(deadline && {deadline, by: deadline.at - takes}),
	};
};
