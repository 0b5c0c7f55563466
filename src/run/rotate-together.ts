import {optionsFor, placeWords, shortNames} from '../cluster/names.ts';
import {caFiles} from '../plan/ca-files.ts';
import {positionOf} from '../plan/place.ts';
import {type JointPart, targetIn, together} from '../plan/together.ts';
import type {Plan, Target} from '../plan/types.ts';
import type {Group} from '../prove/types.ts';
import {jointText} from '../render/joint.ts';
import {ask} from './ask.ts';
import {groupsBeside} from './beside.ts';
import {showDryRun} from './dry-run.ts';
import {refused, usage} from './errors.ts';
import {isCalled} from './handled.ts';
import type {Program} from './programs.ts';
import {checkAsking, runLooked, show} from './rotate-once.ts';
import {
	look,
	type Looked,
	planFor,
	retireHint,
	type Session,
} from './rotation.ts';
import {print, say} from './say.ts';

/** What is left to do of several clusters, part by part. */
type Joint = {
	looked: Looked[];
	parts: JointPart[];
	/** The one whose folder has the new CA, or makes it. */
	leader: Session;
	/** Why nothing is to be done, in lines for a person. */
	nothing: string[] | undefined;
};

/** Where a cluster stands on the whole way. */
const positionIn = ({session, before}: Looked) => positionOf(planFor({...session, target: {...wholeWay(session), retire: true}}, before).plan, before).name;

const wholeWay = ({target: {until, ...target}}: Session): Target => target;

/**
Looks at all of them, and plans.
@throws Stopped (refused) where they are not on one way.
*/
const lookAtAll = async (sessions: Session[]): Promise<Joint> => {
	const looked = await Promise.all(sessions.map(async session => look(session)));
	const issued = looked.find(({session}) => session.cluster.issuance !== undefined);
	if (issued) {
		throw refused(`cert-manager issues the certificates of ${issued.session.cluster.name}: several clusters that share its CA are not rotated by this tool yet; nothing was changed`);
	}

	const stranger = (sessions[0]!.options.iHaveHandled ?? []).find(given => looked.every(({plan}) => !plan.target.handled?.some(name => isCalled(name, given))));
	if (stranger !== undefined) {
		throw usage(`--i-have-handled ${stranger} names nobody who holds the clusters' CA or a leaf of it`);
	}

	const found = together(looked.map(one => ({cluster: one.session.cluster, observation: one.before, position: positionIn(one)})), sessions[0]!.target);
	if ('why' in found) {
		throw refused(`${found.why}; nothing was changed`, found.instead);
	}

	const begins = found.parts.filter(({phase}) => phase === 'trust').length === sessions.length;
	const isYoung = begins && looked.every(({plan, nothing}) => plan.from === 0 && nothing !== undefined);
	const isUnretired = looked.some(({before}) => caFiles(before).is !== 'at rest');
	return {
		looked,
		parts: isYoung ? [] : found.parts,
		leader: sessions[found.leader]!,
		nothing: isYoung ? looked[0]!.nothing : (found.parts.length === 0 ? ['Nothing to do: this is done for all of them.', ...(isUnretired ? [retireHint(sessions[0]!)] : [])] : undefined),
	};
};

/** Clusters that have each made their part of a phase have the folder of one to take the new CA from. */
const newCaFor = (session: Session, leader: Session): Session => session.folder === leader.folder ? session : {...session, newCaFrom: leader.folder};

/** The plan of a cluster as it will be run: at rest, the new CA that it takes is not there yet to rehearse it with. */
const planShown = ({session, before}: Looked, leader: Session): Plan => planFor(newCaFor(session, leader), before).plan;

const namesOf = ({looked}: Joint): string[] => shortNames(looked.map(({session}) => session.cluster));

const wordsOf = (joint: Joint): string => {
	const names = namesOf(joint);
	return jointText(joint.parts.map(({phase, member}) => ({phase, name: names[member]!})));
};

/** `rotate --dry-run` for several clusters: the order, then the plan of each. */
export const showTogether = async (sessions: Session[], programs: Program[]): Promise<void> => {
	const joint = await lookAtAll(sessions);
	const isText = sessions[0]!.options.output !== 'json';
	if (isText) {
		await print(joint.nothing ? `${joint.nothing.join('\n')}\n` : wordsOf(joint));
	}

	const members = sessions.filter((_, index) => joint.parts.some(({member}) => member === index));
	for (const session of members) {
		await (isText && print(`\nTidbCluster ${placeWords(session.cluster)}\n\n`));
		await showDryRun(unhurried(session), programs, looked => planShown(looked, joint.leader));
	}
};

/** Whether it is time was asked of all of them together. */
const unhurried = ({options: {ifDue, ...options}, ...session}: Session): Session => ({...session, options: {...options, minAge: 0}});

/** One phase of one cluster, planned from how it stands then. */
const runPart = async (session: Session, {phase}: JointPart, {programs, beside, isLast}: {programs: Program[]; beside: Group[]; isLast: boolean}): Promise<void> => {
	say(`\n== ${phase} of ${placeWords(session.cluster)}`);
	const asked = unhurried(session);
	const looked = await look({
		...asked, beside, options: {...asked.options, yes: true}, target: targetIn[phase](session.target),
	});
	if (looked.nothing) {
		say(looked.nothing[0]!);
		return;
	}

	await checkAsking(looked);
	await runLooked(looked, programs, {isLast});
};

/**
Rotates clusters that share a CA: each phase of all of them before the next of any. What is left is planned anew for each part, so that a run
that was interrupted goes on where it was.
@throws Stopped where one of them is refused, before anything is changed of any; and as the rotation of one.
*/
export const rotateTogether = async (sessions: Session[], programs: Program[]): Promise<void> => {
	const joint = await lookAtAll(sessions);
	const {looked, parts, leader, nothing} = joint;
	if (nothing) {
		say(nothing.join('\n'));
		return;
	}

	const taking = looked.filter((_, index) => parts.some(({member}) => member === index));
	for (const one of taking) {
		say(`\n== the plan of ${placeWords(one.session.cluster)}`);
		show({...one, plan: planShown(one, leader)}, await checkAsking(one));
	}

	say(wordsOf(joint));
	await ask(`Rotate the certificates of ${namesOf(joint).join(' and ')} together (${optionsFor(sessions[0]!.cluster)})?`, sessions[0]!.options.yes ?? false);
	for (const [index, part] of parts.entries()) {
		const {session} = looked[part.member]!;
		const beside = await groupsBeside(session, sessions);
		await runPart(newCaFor({...sessions[part.member]!, cluster: session.cluster}, leader), part, {programs, beside, isLast: index === parts.length - 1});
	}
};
