import {hostname, userInfo} from 'node:os';
import process from 'node:process';
import {type Access, observe as observeCluster} from '../observe/cluster.ts';
import type {Observation} from '../observe/types.ts';
import {caresOf} from '../plan/care.ts';
import type {Plan, Proof} from '../plan/types.ts';
import type {ProbeNumbers} from '../report/numbers.ts';
import {remember} from './belongs.ts';
import type {RunContext} from './context.ts';
import {gateProbe} from './gate.ts';
import {openGuard, stillAsPlanned} from './guard.ts';
import {interruptible} from './interrupt.ts';
import {type Journal, openJournal} from './journal.ts';
import {folderRedactor} from './keys.ts';
import {type HeldLease, holdLease} from './lease.ts';
import {runPlan} from './plan.ts';
import {probeAlong, type ProbeWish} from './probe/along.ts';

export type ExecuteOptions = {
	plan: Plan;
	access: Access;
	folder: string;
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
};

export type Outcome = {
	after: Observation;
	proofs: Proof[];
	/** Restarts seen, by pod name. */
	restarts: Record<string, number>;
	/** What the traffic probe counted. */
	probe?: ProbeNumbers;
};

/** `20261123T221500Z`: sorts by time, and no shell or file system minds it. */
const stampNow = (): string => new Date().toISOString().replaceAll(/[\-:]|\.\d+/gv, '');

/** Counts the pods that were made anew, and the containers that were started again, between two observations. */
const restartCounter = () => {
	const seen = new Map<string, string>();
	const restarts: Record<string, number> = {};
	const count = ({pods}: Observation): void => {
		for (const pod of pods) {
			const life = `${pod.uid} ${pod.containers.map(container => container.restartCount).join(' ')}`;
			if (seen.has(pod.name) && seen.get(pod.name) !== life && pod.containers.length > 0) {
				restarts[pod.name] = (restarts[pod.name] ?? 0) + 1;
			}

			if (pod.containers.length > 0) {
				seen.set(pod.name, life);
			}
		}
	};

	return {restarts, count};
};

/** For whom a person answers, and what it holds: kept for whoever asks later. */
const acknowledge = async (plan: Plan, planned: Observation | undefined, journal: Journal): Promise<void> => {
	const cares = planned ? caresOf(plan, planned).filter(({handled}) => handled) : [];
	if (cares.length > 0) {
		await journal('acknowledged', {by: `${userInfo().username}@${hostname()}`, consumers: cares.map(({name, holds, todo}) => ({name, holds, todo}))});
	}
};

const executeHeld = async (options: ExecuteOptions, signal: AbortSignal, lease: HeldLease | undefined): Promise<Outcome> => {
	const {plan, access, folder, timeout, goOn, say, planned} = options;
	const {restarts, count} = restartCounter();
	const journal = openJournal(folder);
	let latest: Observation;
	const observe = async (): Promise<Observation> => {
		latest = await observeCluster(access, plan.cluster, folder, {mustExist: options.mustExist ?? true});
		count(latest);
		return latest;
	};

	const before = await observe();
	stillAsPlanned(planned ?? before, before);
	await remember(folder, before);
	const probe = options.probe && probeAlong({
		...options.probe, access, plan, latest: () => latest, journal, say, goOn,
	});
	const checkProbe = probe?.check;
	const context: RunContext = {
		plan,
		folder,
		access,
		variables: {stamp: `${stampNow()}${options.stampSuffix ?? ''}`},
		timeout,
		goOn,
		say,
		journal,
		redact: async () => folderRedactor(folder),
		signal,
		observe,
		guard: openGuard({
			plan, folder, lease, observe, latest: () => latest, say, signal, goOn, checkProbe,
		}),
		probe: gateProbe({
			access, cluster: plan.cluster, folder, journal, say,
		}),
		...(checkProbe && {checkProbe}),
		proofs: [],
		proved: new Set(),
	};
	let numbers: ProbeNumbers | undefined;
	try {
		await journal('start', {plan: plan.steps.slice(plan.from).map(step => step.id), pid: process.pid});
		await acknowledge(plan, planned, journal);
		await runPlan(context);
	} finally {
		numbers = await probe?.end();
	}

	await journal('finish');
	return {
		after: await observe(), proofs: context.proofs, restarts, ...(numbers && {probe: numbers}),
	};
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
