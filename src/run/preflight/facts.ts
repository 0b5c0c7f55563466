import type {Cluster} from '../../cluster/types.ts';
import type {Observation} from '../../observe/types.ts';
import type {Target} from '../../plan/types.ts';

/** Another TidbCluster, as far as it could share something with ours. */
export type OtherCluster = {
	namespace: string;
	name: string;
	uid: string;
	/** `spec.cluster` of that TidbCluster: the cluster it joins. */
	joins?: {namespace: string; name: string};
	/** The keys of the CAs in its cluster client Secret: one CA may have several certificates. Empty where that cannot be read. */
	cas: string[];
};

/** A Backup or Restore of this cluster that has not ended. */
export type Job = {kind: string; namespace: string; name: string; phase: string};

/** All that the checks look at: they are pure, and each gives every problem it finds. */
export type Facts = {
	cluster: Cluster;
	target: Target;
	observation: Observation;
	/** The rotation is under way: checks that must hold before a new one do not bar it (design.md 4). */
	isResumed: boolean;
	/** Leaves have expired and new leaves alone cure it: the operator may be stuck, and pods may refuse each other. */
	isCure: boolean;
	/** How long the rotation may take, in milliseconds: nothing may expire within that time. */
	estimate: number;
	/** Request files that the plan writes before it uses them, by name: they count instead of the folder's. */
	texts: Record<string, string>;
	others: OtherCluster[];
	jobs: Job[];
	/** Controllers that a person has suspended for the rotation, by `suspended` of cluster.yaml. */
	suspended: string[];
};
