import {optionsFor} from '../cluster/names.ts';
import {requestTexts} from '../cluster/request-texts.ts';
import type {Account, Cluster} from '../cluster/types.ts';
import {observeConsumers} from '../observe/consumers.ts';
import {type Access, observe} from '../observe/cluster.ts';
import {noFolder} from '../observe/folder.ts';
import {observeUsers} from '../observe/users.ts';
import {observeAccounts} from '../observe/accounts.ts';
import type {Login} from '../observe/sql.ts';
import type {Consumers, Observation} from '../observe/types.ts';
import {
	allYoung,
	caExpired,
	expiredLeaves,
	reached,
} from '../plan/decide.ts';
import {asStarted, caFiles} from '../plan/ca-files.ts';
import {podsOf} from '../plan/judge-roll.ts';
import {makePlan} from '../plan/make.ts';
import {onPaper} from '../plan/on-paper.ts';
import {outsideOf} from '../plan/outside.ts';
import {hasOpenCa} from '../plan/position.ts';
import type {Plan, Target} from '../plan/types.ts';
import {unplaced} from '../plan/unplaced.ts';
import type {Group, StateProof} from '../prove/types.ts';
import {belongs} from './belongs.ts';
import {refused} from './errors.ts';
import {notDueWords} from './not-due.ts';
import {handledNames} from './handled.ts';
import {knowIssuance} from './issued.ts';
import {preflight} from './preflight.ts';
import {proveStates} from './proof.ts';
import type {Rehearsal} from './rehearse.ts';
import {changedRequests} from './requests.ts';
import {type RotateOptions, targetFor} from './rotate-options.ts';
import {sqlPlaces} from './sql-places.ts';

/** What every part of `rotate` needs to know. */
export type Session = {
	options: RotateOptions;
	access: Access;
	cluster: Cluster;
	/** The cluster folder's path. */
	folder: string;
	target: Target;
	/** The command that goes on from here, for messages. */
	goOn: string;
	/** The account by which TiDB is asked something by SQL. */
	login?: Login | undefined;
	/** The cluster folder from which the new CA is taken, where several clusters go together. */
	newCaFrom?: string | undefined;
	/** What the other clusters' processes may hold. */
	beside?: Group[] | undefined;
};

export type Planned = {
	plan: Plan;
	/** Leaves have expired, and leaves alone cure it. */
	isCure: boolean;
	/** Request files that the plan writes, by name. */
	texts: Record<string, string>;
};

/** How a person takes the old CA away. */
export const retireHint = ({cluster}: Session): string => `The old CA is still trusted. To take it away: npm run rotate -- ${optionsFor(cluster)} --retire-old-ca`;

/** Whether the folder's certificates count. At rest, cert-manager's in the Secrets do: it renews them by itself. */
const isFolderKept = ({cluster}: Session, {folder, ...seen}: Observation): boolean => folder.exists && (cluster.issuance === undefined || caFiles({folder, ...seen}).is !== 'at rest');

/** The plan from what was observed to the session's target. */
export const planFor = (session: Session, observation: Observation): Planned => {
	const {options, cluster} = session;
	const outside = outsideOf(cluster).map(({name}) => name);
	const handled = observation.consumers ? handledNames(options.iHaveHandled ?? [], observation.consumers, {outside, mayBeOthers: cluster.together !== undefined}) : [];
	const target: Target = {...session.target, ...(handled.length > 0 && {handled})};
	const isCure = target.route === 'keep-ca' && expiredLeaves(observation).length > 0 && !caExpired(observation);
	const changed = changedRequests(cluster, observation, {mergeSans: options.mergeSans ?? false, ...(options.caOu !== undefined && {caOu: options.caOu})});
	const restore = isFolderKept(session, observation) ? undefined : requestTexts(cluster, observation, {onlyMissing: false});
	const plan = makePlan({
		cluster,
		target,
		observation,
		changed,
		cure: isCure,
		isYoung: allYoung(observation, target, options.minAge) !== undefined,
		...(restore && {restore}),
		newCaFrom: session.newCaFrom,
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

/** What has been reached, for a sentence. */
const doneAlready = ({route, retire}: Target): string => {
	if (route === 'renew-ca') {
		return 'the CA\'s certificate was made anew, and every pod was restarted with it';
	}

	return retire ? 'the old CA is retired' : 'trust and reissue are done';
};

/** Why nothing is to be done, in lines for a person; undefined when something is. */
const nothingToDo = (session: Session, planned: Planned, observation: Observation): string[] | undefined => {
	const {options, target} = session;
	const {plan} = planned;
	if (plan.from > 0) {
		const hint = target.retire || target.route !== 'new-ca' ? [] : [retireHint(session)];
		return reached(plan, observation) ? [`Nothing to do: ${doneAlready(target)}.`, ...hint] : undefined;
	}

	const later = isOpen(planned, observation) ? undefined : notDue(session, observation);
	if (later) {
		return later;
	}

	// Begun by hand: whoever began wants it ended. A key in wrong hands is not too young to go.
	const isWanted = options.new === true || target.reason === 'compromised' || caFiles(observation).is === 'begun';
	const young = isWanted ? undefined : allYoung(observation, target, options.minAge);
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
	/** With who issues the cluster's certificates, and the target that this gives. */
	session: Session;
	before: Observation & {consumers: Consumers};
	/** Controllers that a person has suspended, by cluster.yaml. */
	suspended: string[];
	nothing: string[] | undefined;
};

/** The MySQL accounts that need a certificate, where somebody may ask TiDB for them; why they could not be read, else. */
const accountsOf = async ({access, cluster, folder, login}: Session, observation: Observation): Promise<{accounts?: Account[]; unread: string[]}> => {
	const pod = podsOf(observation, 'tidb-server').find(({ready}) => ready);
	if (!login || !pod) {
		return {unread: []};
	}

	const [place] = await sqlPlaces({
		access, cluster, folder, login,
	}, observation, [pod]);
	try {
		return {accounts: await observeAccounts(place!), unread: []};
	} catch (error) {
		return {unread: [`the MySQL accounts that need a certificate (${(error as Error).message})`]};
	}
};

/**
Looks at folder and cluster, and plans.
@throws Stopped when the folder is another cluster's, or in a state that cannot be placed.
*/
export const look = async (asked: Session): Promise<Looked> => {
	const {access, folder} = asked;
	const {cluster, observation: seen} = await knowIssuance(access, asked.cluster, await observe(access, asked.cluster, folder));
	const [held, users, {accounts, unread}] = await Promise.all([observeConsumers(access, cluster, seen), observeUsers(access, cluster), accountsOf(asked, seen)]);
	const session = {...asked, cluster: {...cluster, ...(accounts && {accounts})}, target: targetFor(asked, cluster)};
	const before = {...seen, consumers: {...held, users, unread: [...held.unread, ...unread]}};
	const remembered = await belongs(session.folder, before);
	const planned = planFor(session, before);
	checkPlace(planned, before);
	return {
		...planned, session, before, suspended: remembered?.suspended ?? [], nothing: nothingToDo(session, planned, before),
	};
};

/** The folder as it was before what was begun by hand, or, where cert-manager issues, as it is taken from the Secrets. */
const startedFrom = ({session: {cluster}, plan, before}: Looked): Observation | undefined => {
	const files = caFiles(before);
	if (cluster.issuance && files.is === 'at rest') {
		return {...before, folder: {...noFolder(before.folder.path), backups: before.folder.backups}};
	}

	return plan.from === 0 && files.is === 'begun' ? {...before, folder: asStarted(before.folder, files.start)} : undefined;
};

/**
Everything that must hold before the first write; `confirm` is asked about what is not wrong, but an outage. Last, the mixed states of
the plan are proved.
@throws Stopped (refused) with every problem.
*/
export const check = async (looked: Looked, confirm: (question: string) => Promise<void>): Promise<Omit<Rehearsal, 'problems'> & {proof: StateProof | undefined}> => {
	const {session} = looked;
	const {access, cluster, target, options} = session;
	const started = startedFrom(looked);
	const rehearsal = await preflight({
		access,
		cluster,
		target,
		plan: looked.plan,
		observation: looked.before,
		...(started && {started}),
		texts: looked.texts,
		sql: session.login && {
			access, cluster, folder: session.folder, login: session.login,
		},
		isCure: looked.isCure,
		isResumed: looked.plan.from > 0,
		suspended: looked.suspended,
		confirm,
	});
	// What goes through an outage has nothing to prove; leaves alone, of the CA that everybody trusts, neither.
	if (cluster.issuance && (target.asDocumented === true || target.route === 'keep-ca')) {
		return {...rehearsal, proof: undefined};
	}

	const proof = proveStates({
		plan: onPaper(looked.plan), observation: looked.before, rehearsal, beside: session.beside, isStrict: looked.plan.from === 0 && !looked.isCure, isExplained: options.explain ?? false,
	});
	return {...rehearsal, proof};
};

/**
Whether an earlier rotation is finished but for its old CA.
@throws Stopped when one is under way that is not finished.
*/
export const isUnretired = async (asked: Session): Promise<boolean> => {
	const {cluster, observation} = await knowIssuance(asked.access, asked.cluster, await observe(asked.access, asked.cluster, asked.folder));
	const session = {...asked, cluster};
	if (!hasOpenCa(observation) || notDue(session, observation)) {
		return false;
	}

	const {plan} = planFor({...session, target: {...session.target, retire: false}}, observation);
	if (!reached(plan, observation)) {
		throw refused('the rotation that is under way is not finished, so --new cannot begin another', `go on with it: npm run rotate -- ${optionsFor(session.cluster)}`);
	}

	return true;
};
