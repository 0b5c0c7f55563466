import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import type {Position} from '../plan/place.ts';
import type {Plan, Proof} from '../plan/types.ts';
import type {ProbeNumbers} from './numbers.ts';

/** What the journal is told of a run, at its time (ISO 8601, UTC). */
export type RunEvent = {time: string; event: string; facts: Record<string, unknown>};

/** A restart of a pod as the looks at the cluster showed it: between the last one before and the first one at which it was Ready again. */
export type Restart = {pod: string; component: string; from: string; until?: string};

/** How a run ended: `message` and `hints` are what a person was told. */
export type Ending = {is: 'done'} | {is: 'failed' | 'interrupted'; message: string; hints: string[]};

/** An earlier run of the same rotation, by the journal. */
export type EarlierRun = {began: string; last: string; report?: string};

/** Something that a person said to have handled, by name. */
export type Acknowledged = {name: string; what: string};

/** Everything that the report of a run tells, as plain data. Times are ISO 8601, UTC. */
export type RunRecord = {
	what: 'rotation' | 'rollback';
	cluster: Cluster;
	/** The cluster folder's path. */
	folder: string;
	/** As it was asked for, pasteable; running it again goes on. */
	command: string;
	/** `user@host`. */
	who: string;
	began: string;
	ended: string;
	ending: Ending;
	/** Where the cluster stands now; undefined where only the steps tell. */
	position?: Position;
	/** What is left for a person to do when all went well. */
	left: string[];
	version: string;
	programs: Array<{name: string; file: string; version: string; remark: string}>;
	plan: Plan;
	events: RunEvent[];
	restarts: Restart[];
	proofs: Proof[];
	before: Observation;
	after: Observation;
	earlier: EarlierRun[];
	probe?: ProbeNumbers;
	acknowledged?: Acknowledged[];
};
