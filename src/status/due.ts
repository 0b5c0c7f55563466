import {type Dated, datedOf} from '../judge/expiry.ts';
import {heldBy} from '../judge/held.ts';
import {estimate} from '../plan/rotation-time.ts';
import type {Judged} from './findings.ts';
import {type Restarted, type RestartTime, restartTime} from './restart-time.ts';

export type Due = {
	/** Undefined where no Secret holds a certificate. */
	earliest?: Dated;
	restart: RestartTime;
	/** Pods that a rotation restarts. */
	pods: number;
	/** Milliseconds that a rotation takes: phases trust and reissue. */
	takes: number;
	/** The latest safe start, in milliseconds since the epoch: the earliest expiry, less what a rotation takes. */
	by?: number;
};

const restarts = 2;

/** What ends first of the leaves and of the CAs that signed them; with `leavesOnly` of the leaves. */
const earliestOf = ({cluster, ...observation}: Judged, leavesOnly: boolean): Dated | undefined => datedOf(heldBy({cluster, observation}))
	.filter(({is}) => is === 'leaf' || !leavesOnly)
	.toSorted((one, other) => Date.parse(one.certificate.notAfter) - Date.parse(other.certificate.notAfter))[0];

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
	const restart = restartTime(pods);
	const count = Math.max(replicas, pods.length);
	const takes = estimate(count, leavesOnly ? 1 : restarts, restart.perPod);
	return {
		restart,
		pods: count,
		takes,
		...(earliest && {earliest, by: Date.parse(earliest.certificate.notAfter) - takes}),
	};
};
