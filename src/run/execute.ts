import {hostname, userInfo} from 'node:os';
import process from 'node:process';
import {type Access, observe as observeCluster} from '../observe/cluster.ts';
import type {Login} from '../observe/sql.ts';
import type {Observation} from '../observe/types.ts';
import {type Care, caresOf} from '../plan/care.ts';
import type {Plan, Proof} from '../plan/types.ts';
import type {ProbeNumbers} from '../report/numbers.ts';
import {type Outage, outageOf} from '../report/outage.ts';
import {remember} from './belongs.ts';
import type {RunContext} from './context.ts';
import {stepsLeft} from './earlier-runs.ts';
import {gateProbe} from './gate.ts';
import {openGuard, stillAsPlanned} from './guard.ts';
import {interruptible} from './interrupt.ts';
import {openJournal} from './journal.ts';
import {folderRedactor} from './keys.ts';
import {type HeldLease, holdLease} from './lease.ts';
import {openLooks} from './looks.ts';
import {runPlan} from './plan.ts';
import {probeAlong, type ProbeWish} from './probe/along.ts';
import {openRecorder} from './recorder.ts';
import {reported, type ReportOptions} from './reported.ts';
import {showProgress} from './show-progress.ts';

export type ExecuteOptions = {
	plan: Plan;
	access: Access;
	folder: string;
	/** The account by which TiDB is asked something by SQL. */
	login?: Login | undefined;
	/** Milliseconds. */
	timeout: number;
	goOn: string;
	say: (text: string) => void;
	/** The TidbCluster may not be there yet (its first certificates). */
	mustExist?: boolean;
	/** What the plan was made from. */
	planned?: Observation;
	/** With it, a traffic probe runs along. */
	probe?: ProbeWish | undefined;
	/** Ends the name of the backup that the plan makes. */
	stampSuffix?: string;
	/** What its report tells besides; without it, none is written. */
	report?: ReportOptions;
};

export type Outcome = {
	after: Observation;
	proofs: Proof[];
	/** Restarts seen, by pod name. */
	restarts: Record<string, number>;
	/** What the traffic probe counted. */
	probe?: ProbeNumbers;
	/** Where an outage belongs to the plan. */
	outage?: Outage | undefined;
	/** The path of its report. */
	report?: string | undefined;
};

/** `20261123T221500Z`: sorts by time, and no shell or file system minds it. */
const stampNow = (): string => new Date().toISOString().replaceAll(/[\-:]|\.\d+/gv, '');

/** For whom a person answers. */
const answeredFor = (plan: Plan, planned: Observation | undefined): Care[] => planned ? caresOf(plan, planned).filter(({handled}) => handled) : [];

const executeHeld = async (options: ExecuteOptions, signal: AbortSignal, lease: HeldLease | undefined): Promise<Outcome> => {
	const {plan, access, folder, timeout, goOn, say, planned} = options;
	const recorder = openRecorder(openJournal(folder));
	const {journal} = recorder;
	const stamp = stampNow();
	const look = async (): Promise<Observation> => {
		const seen = await observeCluster(access, plan.cluster, folder, {mustExist: options.mustExist ?? true});
		recorder.saw(seen);
		return seen;
	};

	const before = await look();
	const looks = openLooks(before, look);
	const {observe, latest} = looks;
	stillAsPlanned(planned ?? before, before);
	await remember(folder, before);
	const probe = options.probe && probeAlong({
		...options.probe, access, plan, latest, journal, say, goOn,
	});
	const checkProbe = probe?.check;
	const context: RunContext = {
		plan,
		folder,
		access,
		...(options.login && {login: options.login}),
		variables: {stamp: `${stamp}${options.stampSuffix ?? ''}`},
		timeout,
		goOn,
		say,
		journal,
		redact: async () => folderRedactor(folder),
		signal,
		looks,
		guard: openGuard({
			plan, folder, lease, looks, say, signal, goOn, checkProbe,
		}),
		probe: gateProbe({
			access, cluster: plan.cluster, folder, journal, say,
		}),
		...(checkProbe && {checkProbe}),
		proofs: [],
		proved: new Set(),
	};
	const answered = answeredFor(plan, planned);
	const work = async (): Promise<void> => {
		await journal('start', {plan: stepsLeft(plan), pid: process.pid});
		if (answered.length > 0) {
			await journal('acknowledged', {by: `${userInfo().username}@${hostname()}`, consumers: answered.map(({name, holds, todo}) => ({name, holds, todo}))});
		}

		const live = showProgress(plan, recorder);
		try {
			await runPlan(context);
		} finally {
			live.stop();
			const numbers = await probe?.end();
			recorder.probe = numbers;
		}

		await journal('finish');
	};

	const {proofs} = context;
	try {
		const report = await (options.report
			? reported(options.report, {
				plan, folder, goOn, say, recorder, stamp, before, observe, proofs, acknowledged: answered.map(({name, holds}) => ({name, what: holds.join(', ')})),
			}, work)
			: work());
		return {
			after: await observe(),
			proofs,
			restarts: recorder.restartCounts(),
			outage: outageOf({plan, events: recorder.events}),
			...(recorder.probe && {probe: recorder.probe}),
			...(typeof report === 'string' && {report}),
		};
	} finally {
		// Where the work could not even begin, as on a full disk.
		await probe?.end();
	}
};

/**
Runs a plan against the cluster, with its Lease, a watch over what others do, journal, redaction, gates and the answer to signals.
@throws Stopped as runPlan does; refused, when somebody else holds the cluster or has changed it since it was planned.
*/
export const execute = async (options: ExecuteOptions): Promise<Outcome> => {
	const {access, plan: {cluster}, say, goOn, mustExist = true} = options;
	const signal = interruptible(say);
	const lease = mustExist
		? await holdLease({
			access, cluster, say, signal, goOn,
		})
		: undefined;
	try {
		return await executeHeld(options, signal, lease);
	} finally {
		await lease?.release();
	}
};
