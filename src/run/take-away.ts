import type {Cluster} from '../cluster/types.ts';

/** How Certificates that somebody has put back go aside again. */
export const takeAway = ({namespace}: Cluster, certificates: string[]): string =>
	`put aside again what was put back (the Secrets stay): kubectl delete certificate ${certificates.join(' ')} -n ${namespace}`;
