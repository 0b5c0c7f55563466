/** What the traffic probe counted at one port of one pod during a run. */
export type ProbeTarget = {
	pod: string;
	component: string;
	port: number;
	attempts: number;
	accepted: number;
	/** A certificate was refused, by either side. */
	certificateFailures: number;
	/** Neither accepted nor refused by certificate: refused connections, resets, time limits. */
	otherFailures: number;
	/** Port-forwards that ended by themselves; they count as no attempt. */
	forwardsLost: number;
	/** Milliseconds between two accepted attempts, at most. */
	longestGap: number;
};

/** The probe's numbers for a whole run. */
export type ProbeNumbers = {targets: ProbeTarget[]};
