import {setTimeout as sleep} from 'node:timers/promises';
import {optionsFor} from '../cluster/names.ts';
import type {Observation} from '../observe/types.ts';
import {isAboutIssuance} from '../plan/issuance-condition.ts';
import {allHold, isAsked} from '../plan/judge.ts';
import type {Judgement, Step} from '../plan/types.ts';
import type {RunContext} from './context.ts';
import {Stopped, exitStatus, failed} from './errors.ts';
import {issuanceTrouble} from './issuance-trouble.ts';
import {ProgramError} from './program.ts';
import {podTrouble} from './trouble.ts';

const pollInterval = 1500;
/** After lines that have their effect at once, the API's answer may lag a little. */
const tries = 4;

/** What counts as progress, when it is seen for the first time: a pod that changed, a leader that moved, a condition that became true. A container that is started again and again is none. */
const signature = (observation: Observation, judgement: Judgement): string => JSON.stringify([
	observation.pods.map(pod => [pod.uid, pod.ready, pod.deleting]),
	observation.sets.map(set => [set.partition, set.updatedReplicas, set.readyReplicas, set.currentRevision]),
	(observation.cluster.status.pd ?? observation.cluster.status.master)?.leader?.name,
	observation.issuance?.certificates.map(({name, ready, issuing, revision}) => [name, ready, issuing, revision]),
	judgement.reasons.length,
]);

/** Ends a wait at once when the run is interrupted. */
const interrupted = (context: RunContext): Stopped => new Stopped(exitStatus.interrupted, 'interrupted while waiting; what was written stays as it is', [`go on: ${context.goOn}`]);

/** Looks at what a step is for; an API server that cannot be reached for a moment is not the end of a wait. */
export const lookForDone = async (context: RunContext, step: Step): Promise<{observation?: Observation; judgement: Judgement}> => {
	try {
		const seen = await context.looks.observe();
		const observation = step.done.some(condition => isAsked(condition)) ? await context.probe(step.done, seen) : seen;
		return {observation, judgement: allHold(step.done, observation)};
	} catch (error) {
		if (error instanceof ProgramError) {
			return {judgement: {holds: false, reasons: [`the cluster cannot be asked: ${error.message.split('\n', 1)[0]}`], proofs: []}};
		}

		throw error;
	}
};

type GivenUp = {
	judgement: Judgement;
	/** Milliseconds without progress. */
	still: number;
	latest: Observation | undefined;
};

/** Whether a step waits for pods, which the operator restarts. */
const isAboutPods = ({done}: Step): boolean => done.every(({is}) => is !== 'consumers') && done.some(condition => !isAboutIssuance(condition) && condition.is !== 'secret');

/** The end of a wait that came to nothing: what is missing, what the pods or cert-manager say, and the ways on and back. */
const givenUp = async (context: RunContext, step: Step, {judgement, still, latest}: GivenUp): Promise<Stopped> => {
	const {goOn, plan: {cluster}} = context;
	const isLong = step.limit === 'while it progresses';
	const trouble = isLong && latest ? await podTrouble(context, latest) : [];
	const issuance = latest ? issuanceTrouble(step, cluster, latest) : {seen: [], todo: []};
	const back = `npm run rollback -- ${optionsFor(cluster)}`;
	return failed(
		[
			`${step.title}: not reached${isLong ? `, no progress for ${Math.round(still / 1000)} s` : ''}`,
			...judgement.reasons.map(reason => `  ${reason}`),
			...issuance.seen,
			...trouble,
		].join('\n'),
		...issuance.todo,
		`when the cause is gone, go on: ${goOn}`,
		...(goOn.startsWith('npm run rotate') ? [`or go back: ${back}`] : []),
		...(isLong && isAboutPods(step) ? [`where the operator is stuck and restarts nobody: ${back} --recreate-pods deletes the pods itself, PD first`] : []),
	);
};

/**
Waits until a step's `done` holds: for a moment where it must hold at once, else as long as there is progress.
@throws Stopped when it does not come to hold, naming what is missing, or when the run is interrupted or its traffic probe says stop.
*/
export const waitFor = async (context: RunContext, step: Step): Promise<Judgement> => {
	const seen = new Set<string>();
	let said = '';
	let since = Date.now();
	let latest: Observation | undefined;
	for (let attempt = 1; ; attempt++) {
		if (context.signal.aborted) {
			throw interrupted(context);
		}

		// What was just written is looked at first: those waits are over in a moment.
		if (step.limit === 'while it progresses') {
			context.checkProbe?.(step.title);
		}

		const {observation, judgement} = await lookForDone(context, step);
		if (judgement.holds) {
			return judgement;
		}

		const now = observation && signature(observation, judgement);
		if (now !== undefined && !seen.has(now)) {
			seen.add(now);
			since = Date.now();
		}

		const text = judgement.reasons.slice(0, 2).join('; ');
		if (text !== said) {
			said = text;
			context.say(`    … ${text}`);
		}

		const still = Date.now() - since;
		latest = observation ?? latest;
		const isOver = step.limit === 'at once' ? attempt >= tries : still >= context.timeout;
		if (isOver) {
			throw await givenUp(context, step, {judgement, still, latest});
		}

		await sleep(step.limit === 'at once' ? 500 : pollInterval, undefined, {signal: context.signal}).catch(() => undefined);
	}
};
