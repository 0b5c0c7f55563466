import {requestTexts} from '../cluster/request-texts.ts';
import type {Cluster} from '../cluster/types.ts';
import {observeConsumers} from '../observe/consumers.ts';
import {type Access, observe} from '../observe/cluster.ts';
import {observeUsers} from '../observe/users.ts';
import type {Consumers, Observation} from '../observe/types.ts';
import {
	allYoung,
	caExpired,
	expiredLeaves,
	reached,
} from '../plan/decide.ts';
import {asStarted, caFiles} from '../plan/ca-files.ts';
import {makePlan} from '../plan/make.ts';
import {hasOpenCa} from '../plan/position.ts';
import type {Plan, Target} from '../plan/types.ts';
import {unplaced} from '../plan/unplaced.ts';
import type {StateProof} from '../prove/types.ts';
import {belongs} from './belongs.ts';
import {refused} from './errors.ts';
import {notDueWords} from './not-due.ts';
import {handledNames} from './handled.ts';
import {preflight} from './preflight.ts';
import {proveStates} from './proof.ts';
import type {Rehearsal} from './rehearse.ts';
import {changedRequests} from './requests.ts';
import type {RotateOptions} from './rotate-options.ts';

/** What every part of `rotate` needs to know. */
export type Session = {options: RotateOptions; access: Access; cluster: Cluster; folder: string; target: Target; goOn: string};

export type Planned = {
	plan: Plan;
	/** Leaves have expired, and leaves alone cure it. */
	isCure: boolean;
	/** Request files that the plan writes, by name. */
	texts: Record<string, string>;
};

/** How a person takes the old CA away. */
export const retireHint = ({cluster}: Session): string => `The old CA is still trusted. To take it away: npm run rotate -- --cluster ${cluster.name} --retire-old-ca`;

/** The plan from what was observed to the session's target. */
export const planFor = (session: Session, observation: Observation): Planned => {
	const {options, cluster} = session;
	const handled = observation.consumers ? handledNames(options.iHaveHandled ?? [], observation.consumers) : [];
	const target: Target = {...session.target, ...(handled.length > 0 && {handled})};
	const isCure = target.route === 'keep-ca' && expiredLeaves(observation).length > 0 && !caExpired(observation);
	const changed = changedRequests(cluster, observation, {mergeSans: options.mergeSans ?? false, ...(options.caOu !== undefined && {caOu: options.caOu})});
	const restore = observation.folder.exists ? undefined : requestTexts(cluster, observation, {onlyMissing: false});
	const plan = makePlan({
		cluster,
		target,
		observation,
		changed,
		cure: isCure,
		isYoung: allYoung(observation, target, options.minAge) !== undefined,
		...(restore && {restore}),
		...(options.keepBackups !== undefined && {keepBackups: options.keepBackups}),
	});
	return {plan, isCure, texts: {...restore, ...changed}};
};

/** A rotation, or a renewal of leaves, is under way: `--if-due` does not hold it up. */
const isOpen = ({plan}: Planned, observation: Observation): boolean => plan.from > 0 || caFiles(observation).is !== 'at rest';

/** With `--if-due`: why nothing is due yet, in lines for a person. */
const notDue = ({options: {ifDue}, cluster, target}: Session, observation: Observation): string[] | undefined => ifDue === undefined
	? undefined
	: notDueWords(cluster, observation, {within: ifDue, leavesOnly: target.route === 'keep-ca'});

/** Why nothing is to be done, in lines for a person; undefined when something is. */
const nothingToDo = (session: Session, planned: Planned, observation: Observation): string[] | undefined => {
	const {options, target} = session;
	const {plan} = planned;
	if (plan.from > 0) {
		const hint = target.retire || target.route === 'keep-ca' ? [] : [retireHint(session)];
		return reached(plan, observation) ? [`Nothing to do: ${target.retire ? 'the old CA is retired' : 'trust and reissue are done'}.`, ...hint] : undefined;
	}

	const later = isOpen(planned, observation) ? undefined : notDue(session, observation);
	if (later) {
		return later;
	}

	// Begun by hand: whoever began wants it ended.
	const young = [options.new, caFiles(observation).is === 'begun'].includes(true) ? undefined : allYoung(observation, target, options.minAge);
	return young === undefined
		? undefined
		: [
			`Nothing to do: the certificates that this would replace are valid since ${young} only.`,
			`--min-age is ${options.minAge / 3_600_000}h; --min-age 0 rotates all the same.`,
		];
};

const checkPlace = ({plan}: Planned, observation: Observation): void => {
	const found = unplaced(plan, observation);
	if (found) {
		throw refused(found.why, found.instead);
	}
};

export type Looked = Planned & {
	before: Observation & {consumers: Consumers};
	/** Controllers that a person has suspended, by cluster.yaml. */
	suspended: string[];
	nothing: string[] | undefined;
};

/**
Looks at folder and cluster, and plans.
@throws Stopped when the folder is another cluster's, or in a state that cannot be placed.
*/
export const look = async (session: Session): Promise<Looked> => {
	const seen = await observe(session.access, session.cluster, session.folder);
	const [held, users] = await Promise.all([observeConsumers(session.access, session.cluster, seen), observeUsers(session.access, session.cluster)]);
	const before = {...seen, consumers: {...held, users}};
	const remembered = await belongs(session.folder, before);
	const planned = planFor(session, before);
	checkPlace(planned, before);
	return {
		...planned, before, suspended: remembered?.suspended ?? [], nothing: nothingToDo(session, planned, before),
	};
};

/**
Everything that must hold before the first write; `confirm` is asked about what is not wrong, but an outage. Last, the mixed states of
the plan are proved.
@throws Stopped (refused) with every problem.
*/
export const check = async ({access, cluster, target, options}: Session, looked: Looked, confirm: (question: string) => Promise<void>): Promise<Omit<Rehearsal, 'problems'> & {proof: StateProof}> => {
	const files = caFiles(looked.before);
	const started = looked.plan.from === 0 && files.is === 'begun' ? {...looked.before, folder: asStarted(looked.before.folder, files.start)} : undefined;
	const rehearsal = await preflight({
		access,
		cluster,
		target,
		plan: looked.plan,
		observation: looked.before,
		...(started && {started}),
		texts: looked.texts,
		isCure: looked.isCure,
		isResumed: looked.plan.from > 0,
		suspended: looked.suspended,
		confirm,
	});
	const proof = proveStates({
		plan: looked.plan, observation: looked.before, rehearsal, isStrict: looked.plan.from === 0 && !looked.isCure, isExplained: options.explain ?? false,
	});
	return {...rehearsal, proof};
};

/**
Whether an earlier rotation is finished but for its old CA.
@throws Stopped when one is under way that is not finished.
*/
export const isUnretired = async (session: Session): Promise<boolean> => {
	const observation = await observe(session.access, session.cluster, session.folder);
	if (!hasOpenCa(observation) || notDue(session, observation)) {
		return false;
	}

	const {plan} = planFor({...session, target: {...session.target, retire: false}}, observation);
	if (!reached(plan, observation)) {
		throw refused('the rotation that is under way is not finished, so --new cannot begin another', `go on with it: npm run rotate -- --cluster ${session.cluster.name}`);
	}

	return true;
};
