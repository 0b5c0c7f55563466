import process from 'node:process';
import {type Access, observe as observeCluster} from '../observe/cluster.ts';
import type {Observation} from '../observe/types.ts';
import type {Plan, Proof} from '../plan/types.ts';
import {folderRedactor} from './keys.ts';
import type {RunContext} from './context.ts';
import {gateProbe} from './gate.ts';
import {interruptible} from './interrupt.ts';
import {openJournal} from './journal.ts';
import {runPlan} from './plan.ts';

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
	/** Ends the name of the backup that the plan makes. */
	stampSuffix?: string;
};

export type Outcome = {
	after: Observation;
	proofs: Proof[];
	/** Restarts seen, by pod name. */
	restarts: Record<string, number>;
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

/**
Runs a plan against the cluster, with journal, redaction, gates and the answer to signals.
@throws Stopped as runPlan does.
*/
export const execute = async (options: ExecuteOptions): Promise<Outcome> => {
	const {plan, access, folder, timeout, goOn, say} = options;
	const {restarts, count} = restartCounter();
	const journal = openJournal(folder);
	const observe = async (): Promise<Observation> => {
		const observation = await observeCluster(access, plan.cluster, folder, {mustExist: options.mustExist ?? true});
		count(observation);
		return observation;
	};

	count(await observe());
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
		signal: interruptible(say),
		observe,
		probe: gateProbe({
			access, cluster: plan.cluster, folder, journal, say,
		}),
		proofs: [],
		proved: new Set(),
	};
	await journal('start', {plan: plan.steps.slice(plan.from).map(step => step.id), pid: process.pid});
	await runPlan(context);
	await journal('finish');
	return {after: await observe(), proofs: context.proofs, restarts};
};
