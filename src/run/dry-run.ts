import {cp} from 'node:fs/promises';
import {afterRetire, followedBy} from '../plan/next-rotation.ts';
import {caresOf} from '../plan/care.ts';
import {exposureOf} from '../plan/exposure.ts';
import {positionOf} from '../plan/place.ts';
import type {Plan} from '../plan/types.ts';
import {routesOf} from '../plan/routes.ts';
import {dryRun, dryRunText, type Findings} from '../render/dry-run.ts';
import {secretChanges} from '../render/secret-changes.ts';
import {openAside} from './aside.ts';
import type {Program} from './programs.ts';
import {
	check,
	isUnretired,
	look,
	type Looked,
	planFor,
	type Session,
} from './rotation.ts';
import {print, say} from './say.ts';
import {isUnrecovered, recover} from './staging.ts';

/** With `--new` two rotations follow each other: the end of the earlier one, and the one that was asked for. */
const lookAhead = async (session: Session): Promise<Looked> => {
	if (!session.options.new || !await isUnretired(session)) {
		return look(session);
	}

	const looked = await look({...session, target: {...session.target, retire: true}});
	const next = planFor(session, afterRetire(looked.before, looked.texts));
	return {...looked, plan: followedBy(looked.plan, next.plan), texts: {...looked.texts, ...next.texts}};
};

const findOut = async (looked: Looked, programs: Program[], shown: Plan): Promise<Findings> => {
	const {plan, before} = looked;
	const found = {
		folder: looked.session.folder,
		questions: [],
		programs,
		position: positionOf(plan, before),
		consumers: caresOf(plan, before),
		unread: before.consumers.unread,
		routes: routesOf(plan, before),
		exposure: exposureOf(plan, before),
	};
	if (looked.nothing) {
		return {
			...found, nothingToDo: looked.nothing, secrets: [], serverAnswers: [],
		};
	}

	const questions: string[] = [];
	const {folder, answers, proof} = await check(looked, async question => {
		say(question);
		questions.push(question);
	});
	return {
		...found, questions, nothingToDo: null, secrets: secretChanges(shown, looked.before, folder), serverAnswers: answers, proof,
	};
};

/** What a crash left half moved into place, the real run finishes first: so does this, but in a copy. */
const openRecovered = async ({folder}: Session): Promise<{folder: string; close: () => void}> => {
	if (!isUnrecovered(folder)) {
		return {folder, close() {/* Nothing was made. */}};
	}

	const aside = openAside('folder');
	await cp(folder, aside.folder, {recursive: true});
	await recover(aside.folder);
	say(`${folder} holds a step that was interrupted; the real run finishes it first. This looks at a copy in which it is finished.`);
	return aside;
};

/**
`rotate --dry-run`: the plan with every command, what would change in each Secret, and the API server's answer to each write, on
stdout. It changes nothing. `planOf`: the plan as it is shown, where it cannot be rehearsed so yet.
@throws Stopped as the run itself would before its first write.
*/
export const showDryRun = async (session: Session, programs: Program[], planOf = ({plan}: Looked): Plan => plan): Promise<void> => {
	const {folder, close} = await openRecovered(session);
	try {
		const looked = await lookAhead({...session, folder});
		const plan = planOf(looked);
		const findings = await findOut(looked, programs, plan);
		const {output, explain: isExplained = false} = session.options;
		await print(output === 'json' ? `${JSON.stringify(dryRun(plan, findings), undefined, '\t')}\n` : dryRunText(plan, findings, {isExplained}));
	} finally {
		close();
	}
};
