import type {Access} from '../observe/cluster.ts';
import type {Login} from '../observe/sql.ts';
import type {Observation} from '../observe/types.ts';
import type {Condition, Plan, Proof} from '../plan/types.ts';
import type {Guard} from './guard.ts';
import type {Journal} from './journal.ts';
import type {Looks} from './looks.ts';
import type {Redactor} from './redact.ts';

/** What every part of a run needs to know. */
export type RunContext = {
	plan: Plan;
	/** The cluster folder's path. */
	folder: string;
	access: Access;
	/** The account by which TiDB is asked something by SQL. */
	login?: Login;
	/** The variables that lines may name. */
	variables: {stamp: string};
	/** Milliseconds without progress after which a wait gives up. */
	timeout: number;
	/** The command that goes on from here, for messages. */
	goOn: string;
	/** One line of progress for a person. */
	say: (text: string) => void;
	journal: Journal;
	redact: () => Promise<Redactor>;
	/** Aborted by SIGINT or SIGTERM. */
	signal: AbortSignal;
	looks: Looks;
	guard: Guard;
	/** Asks the pods what the conditions want to know, and adds it to the observation. */
	probe: (conditions: Condition[], observation: Observation) => Promise<Observation>;
	/**
	With a traffic probe: called before a write, with the title of its step.
	@throws Stopped (failed) when the probe has met certificate failures in a row.
	*/
	checkProbe?: (title: string) => void;
	proofs: Proof[];
	/** Gates that held, with the state of the cluster in which they did. */
	proved: Set<string>;
};
