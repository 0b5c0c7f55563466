import {optionsFor, placeWords, shortNames} from '../cluster/names.ts';
import type {Observation} from '../observe/types.ts';
import {
	backParts,
	caBefore,
	isBack,
	upTo,
} from '../plan/together-back.ts';
import {jointText} from '../render/joint.ts';
import {groupsBeside} from './beside.ts';
import {ask} from './ask.ts';
import {refused} from './errors.ts';
import {
	type Back,
	type BackSession,
	checkBack,
	lookBack,
	planBack,
	runBack,
} from './rollback-once.ts';
import {print, say} from './say.ts';

const namesOf = (backs: Back[]): string[] => shortNames(backs.map(({session}) => session.cluster));

const wordsOf = (backs: Back[]): string => jointText(backParts.flatMap(part => namesOf(backs).map(name => ({phase: part, name}))));

/**
Those that have something to go back from, all to one CA.
@throws Stopped (refused) where their backups have different ones, or cert-manager issues their certificates.
*/
const planAll = async (sessions: BackSession[]): Promise<Back[]> => {
	const looked = await Promise.all(sessions.map(async session => lookBack(session)));
	const issued = looked.find(({session}) => session.cluster.issuance !== undefined);
	if (issued) {
		throw refused(`cert-manager issues the certificates of ${issued.session.cluster.name}: several clusters are not taken back together there; nothing was changed`);
	}

	const isOpen = ({before}: {before: Observation}): boolean => 'ca.old.pem' in before.folder.certificates;
	const first = looked.find(one => isOpen(one)) ?? looked[0]!;
	const ca = caBefore(first.before, planBack(first).backup);
	const away = looked.filter(({before}) => !(ca && isBack(before, ca)));
	// One that the rotation had not come to yet may have no backup. Where only leaves go back, each has its own.
	const left = (away.length > 0 ? away : looked.filter(({before}) => before.folder.backups.length > 0)).map(one => planBack(one)).filter(({plan}) => plan.steps.length > 0);
	const other = left.find(({backup}) => backup.certificates['ca.pem']?.certificates[0]?.publicKey !== ca?.publicKey);
	if (other) {
		throw refused(
			[
				`the backups/${other.backup.name} of ${placeWords(other.session.cluster)} has another CA than ${placeWords(first.session.cluster)} goes back to`,
				'they would refuse each other; nothing was changed',
			].join(': '),
			`take ${placeWords(other.session.cluster)} back by itself, to a backup with that CA (--to)`,
		);
	}

	return left;
};

/**
Takes clusters that share a CA back: each part of the way of all of them before the next of any, so that nobody's CA goes while another has
leaves of it.
@throws Stopped where one of them is refused, before anything is changed of any; and as the way back of one.
*/
export const rollBackTogether = async (sessions: BackSession[]): Promise<void> => {
	const {options, cluster} = sessions[0]!;
	const backs = await planAll(sessions);
	if (backs.length === 0) {
		say('Nothing to do: all of them are as in their backups.');
		return;
	}

	const shown: string[] = [];
	for (const back of backs) {
		shown.push(`== ${placeWords(back.session.cluster)}\n${await checkBack(back)}`);
	}

	const text = `${shown.join('\n')}\n${wordsOf(backs)}`;
	if (options.dryRun) {
		await print(text);
		return;
	}

	say(text);
	await ask(`Roll the certificates of ${namesOf(backs).join(' and ')} back together (${optionsFor(cluster)})?`, options.yes ?? false);
	for (const {part, session, backup} of backParts.flatMap(one => backs.map(back => ({part: one, ...back})))) {
		const whole = planBack(await lookBack(session), backup.name);
		const back = {...whole, plan: upTo(whole.plan, part), beside: await groupsBeside(session, sessions)};
		if (back.plan.steps.length === 0) {
			continue;
		}

		say(`\n== ${part} of ${placeWords(session.cluster)}`);
		await checkBack(back);
		await runBack(back, part === 'end');
	}
};
