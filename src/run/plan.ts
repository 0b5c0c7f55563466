import {setTimeout as sleep} from 'node:timers/promises';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {allHold, isAsked, isGate} from '../plan/judge.ts';
import type {Condition, Judgement, Step} from '../plan/types.ts';
import type {RunContext} from './context.ts';
import {Stopped, exitStatus, failed} from './errors.ts';
import {readyFix} from './preflight/consumers.ts';
import {runStatement} from './reload.ts';
import {soak} from './soak.ts';
import {runLines} from './step.ts';
import {takeAway} from './take-away.ts';
import {waitFor} from './wait.ts';

const stopIfInterrupted = (context: RunContext, next: Step): void => {
	if (context.signal.aborted) {
		throw new Stopped(exitStatus.interrupted, `interrupted before: ${next.title}`, [`go on: ${context.goOn}`]);
	}
};

/** Which processes there are, and what the Secrets hold: while neither changes, a proof stays one. */
const lives = ({pods, secrets}: Observation): unknown => [
	pods.map(pod => [pod.name, pod.uid, pod.containers.map(container => [container.startedAt, container.restartCount])]),
	Object.values(secrets).map(secret => secret.resourceVersion),
];

const secondLook = 3000;

/** A gate that says no is asked once more: what is mounted, and what `kubectl exec` can see of it, may be a moment behind. */
const askTwice = async (context: RunContext, asked: Condition[], seen: Observation): Promise<Judgement> => {
	if (asked.every(condition => !isAsked(condition))) {
		return allHold(asked, seen);
	}

	const first = allHold(asked, await context.probe(asked, seen));
	if (first.holds || context.signal.aborted) {
		return first;
	}

	await sleep(secondLook, undefined, {signal: context.signal}).catch(() => undefined);
	return allHold(asked, await context.probe(asked, await context.looks.observe()));
};

/** Certificates that a step needs to be put aside, and that are there. */
const certificatesThere = (needs: Condition[], {issuance}: Observation): string[] => needs
	.flatMap(condition => condition.is === 'gone' && condition.kind === 'Certificate' ? condition.names : [])
	.filter(name => issuance?.certificates.some(certificate => certificate.name === name));

/** What may be wrong where a gate says no, and what to do about it. */
const hints = (needs: Condition[], cluster: Cluster, seen: Observation): string[] => [
	...(certificatesThere(needs, seen).length > 0 ? [takeAway(cluster, certificatesThere(needs, seen))] : []),
	...(needs.some(({is}) => is === 'consumers') ? [readyFix] : []),
	...(needs.some(condition => isGate(condition)) ? ['a pod that has not loaded the new bundle must be restarted, or its process'] : []),
];

/** A gate that says no stops the run where it is: nothing of the step was begun. */
const checkNeeds = async (context: RunContext, step: Step): Promise<void> => {
	if (step.needs.length === 0) {
		return;
	}

	const seen = await context.looks.observeUnlessRecent();
	// What was proved of the same processes a moment ago, with nothing written to the cluster since, still holds.
	const state = JSON.stringify([step.needs.filter(condition => isGate(condition)), lives(seen)]);
	const isProved = context.proved.has(state);
	const asked = isProved ? step.needs.filter(condition => !isGate(condition)) : step.needs;
	const judgement = await askTwice(context, asked, seen);
	await context.journal('gate', {
		step: step.id, holds: judgement.holds, reasons: judgement.reasons, proofs: judgement.proofs,
	});
	if (!judgement.holds) {
		throw failed([
			`the gate before "${step.title}" says no; nothing of this step was done`,
			...judgement.reasons.map(reason => `  ${reason}`),
		].join('\n'), ...hints(step.needs, context.plan.cluster, seen), `then go on: ${context.goOn}`);
	}

	context.proved.add(state);
	context.proofs.push(...judgement.proofs);
};

/** Steps that would ask for the same again: a restart that was asked for already is not asked for twice. */
const alreadyDone = async (context: RunContext, step: Step): Promise<boolean> =>
	step.id.includes('.restart.') && allHold([...step.done, ...step.skip], await context.looks.observeUnlessRecent()).holds;

const runStep = async (context: RunContext, step: Step): Promise<void> => {
	context.say(`  ${step.title}`);
	if (await alreadyDone(context, step)) {
		context.say('    done already');
		await context.journal('skip', {step: step.id});
		return;
	}

	if (step.soak !== undefined) {
		await soak(context, step.soak);
	}

	await checkNeeds(context, step);
	stopIfInterrupted(context, step);
	await context.journal('begin', {step: step.id});
	const {sql} = step;
	const isWriting = sql !== undefined || step.lines.length > 0;
	if (isWriting) {
		await context.guard.beforeWrite(step);
		await (sql ? runStatement(context, {...step, sql}) : runLines(context, step));
	}

	const {proofs} = step.done.length > 0 ? await waitFor(context, step) : {proofs: []};
	context.proofs.push(...proofs);
	context.guard.written(step);

	await context.journal('end', {step: step.id, proofs});
};

/**
Executes a plan from its first step that is not done: needs, lines, done. The only loop (design.md 3).
@throws Stopped with the exit status, the reason and the next move.
*/
export const runPlan = async (context: RunContext): Promise<void> => {
	let phase = '';
	for (const step of context.plan.steps.slice(context.plan.from)) {
		if (step.phase !== phase) {
			phase = step.phase;
			context.say(`phase ${phase}`);
		}

		stopIfInterrupted(context, step);
		await runStep(context, step);
	}
};
