import {isDeepStrictEqual} from 'node:util';
import {inDocumentOrder} from '../../src/cluster/components.ts';
import {restingPlan} from '../../src/plan/make.ts';
import type {Plan} from '../../src/plan/types.ts';
import {type Outcome, outcomeOf} from '../cluster/helpers/outcome.ts';
import type {Ended, Place} from '../cluster/helpers/place.ts';
import {countRestarts} from '../cluster/helpers/restart-count.ts';
import {startTraffic} from '../cluster/helpers/traffic.ts';
import type {Report} from '../traffic/counter.ts';
import type {Mode, Reaped, Reaper} from './reaper.ts';

/** Every kind of pod, once: in the matrices a case more says more than a pod more. Quorum and half-restarted sets are in in-turn.test.ts. */
export const onceEach = ['--profile', 'light', '--pd', '1', '--tikv', '1', '--tidb', '1'];

/** The whole rotation that the matrices cut into pieces. */
export const wholeRotation = ['--retire-old-ca', '--min-age', '0'];

/** Its plan, for a cluster at rest. */
export const wholePlan = ({cluster, namespace}: Place): Plan => {
	const components = inDocumentOrder(['pd', 'tikv', 'tidb', 'client']);
	return restingPlan({name: cluster, namespace, components}, {
		route: 'new-ca', retire: true, leaves: components, strict: false,
	});
};

/** What was seen of the cluster while something was done to it. */
export type Watched = {restarts: Record<string, number>; traffic: Report};

/** Counts restarts and mTLS connections while something is done. */
export const watched = async (place: Place, work: () => Promise<void>): Promise<Watched> => {
	const [traffic, restarts] = [await startTraffic(place, 10), await countRestarts(place)];
	let counted: Record<string, number> = {};
	let report: Report;
	try {
		await work();
	} finally {
		counted = await restarts.stop();
		report = await traffic.stop();
	}

	return {restarts: counted, traffic: report};
};

/**
Fails with words where two things differ.

@throws Error naming both.
*/
export const same = (what: string, seen: unknown, expected: unknown): void => {
	if (!isDeepStrictEqual(seen, expected)) {
		throw new Error(`${what}:\n${JSON.stringify(seen)}\ninstead of\n${JSON.stringify(expected)}`);
	}
};

/**
Fails with what a run printed, when it did not end with status 0.

@throws Error saying so.
*/
export const succeeded = (what: string, {status, stderr}: Ended): void => {
	if (status !== 0) {
		throw new Error(`${what} ended with status ${status}:\n${stderr}`);
	}
};

/**
Fails when a connection failed by a certificate.

@throws Error saying so.
*/
export const undisturbed = ({traffic: {total, examples}}: Watched): void => {
	if (total.certificateErrors > 0 || total.accepted === 0) {
		throw new Error(`${total.certificateErrors} certificate errors of ${total.attempts}: ${JSON.stringify(examples)}`);
	}
};

/**
Fails when the run was not killed there.

@throws Error saying so.
*/
export const killedAt = (mode: Mode, {struck, stderr}: Reaped): void => {
	if (`one ${struck}` !== mode) {
		throw new Error(`the run was not killed at ${mode}:\n${stderr}`);
	}
};

/** Runs the rotation undisturbed, from a state at rest. */
export const recordRotation = async (place: Place, reaper: Reaper): Promise<{points: string[]; outcome: Outcome}> => {
	succeeded('the undisturbed rotation', await reaper.run('record', wholeRotation));
	return {points: await reaper.points(), outcome: await outcomeOf(place)};
};
