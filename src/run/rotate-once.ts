import {certificatesWords, optionsFor} from '../cluster/names.ts';
import type {Observation} from '../observe/types.ts';
import {caDue} from '../plan/ca-due.ts';
import {caresOf} from '../plan/care.ts';
import {exposureOf} from '../plan/exposure.ts';
import {presentCa} from '../plan/decide.ts';
import {positionOf, positionText} from '../plan/place.ts';
import {routesOf} from '../plan/routes.ts';
import {changesText} from '../render/changes.ts';
import {consumersText} from '../render/consumers.ts';
import {exposureText, keysLeft} from '../render/exposure.ts';
import {listing} from '../render/listing.ts';
import {expectedOutage} from '../render/outage.ts';
import {proofLine, proofText} from '../render/proof.ts';
import {routesText} from '../render/routes.ts';
import {secretChanges} from '../render/secret-changes.ts';
import {outageText} from '../report/outage.ts';
import {probeTable} from '../report/probe.ts';
import {evidenceList, summaryTable} from '../report/summary.ts';
import {ask} from './ask.ts';
import {execute} from './execute.ts';
import {probeWish} from './probe/options.ts';
import type {Program} from './programs.ts';
import {
	check,
	look,
	type Looked,
	planFor,
	retireHint,
	type Session,
} from './rotation.ts';
import {say, sayReport} from './say.ts';

/** What a CA with a longer life leaves as it was. */
const renewedHint = ({cluster}: Session, after: Observation): string => {
	const [first] = Object.values(after.secrets).flatMap(({leaf}) => leaf.certificates.slice(0, 1).map(({notAfter}) => notAfter)).toSorted();
	const ca = `The CA has a longer life, until ${presentCa(after)?.notAfter ?? 'an unknown time'}, and the key that it had`;
	const leaves = `The leaves stay, the first of them ends at ${first ?? 'an unknown time'}`;
	// Leaves are not made for longer than their CA lives.
	return `${ca}. ${leaves}${caDue(cluster, after) ? '' : `: npm run rotate -- ${optionsFor(cluster)} --keep-ca renews them`}.`;
};

/** What is left for a person after a run that reached its target, and what stands there then; undefined when nothing is. */
const leftToDo = (session: Session, after: Observation): string | undefined => {
	const {target, goOn} = session;
	if (target.route === 'renew-ca') {
		return renewedHint(session, after);
	}

	if (target.route === 'keep-ca' || target.retire || target.asDocumented) {
		return undefined;
	}

	return target.until === 'trust' ? `Every process trusts both CAs. Go on: ${goOn.replace(' --until trust', '')}` : retireHint(session);
};

const sayIf = (text: string | undefined): void => {
	if (text !== undefined && text !== '') {
		say(text);
	}
};

/**
Everything that must hold before the first write; what is not wrong, but an outage, a person is asked about.
@throws Stopped (refused) with every problem.
*/
export const checkAsking = async (looked: Looked): ReturnType<typeof check> => check(looked, async question => {
	say(question);
	await ask('Go on all the same?', looked.session.options.yes ?? false);
});

/** The plan and what it means, before a person is asked. */
export const show = ({session, plan, before}: Looked, rehearsed: Awaited<ReturnType<typeof check>>): void => {
	const {options} = session;
	say(positionText(positionOf(plan, before)));
	const exposure = exposureOf(plan, before);
	const about = [routesText(routesOf(plan, before)), exposure ? exposureText(exposure) : ''];
	say(about.filter(text => text !== '').map(text => `\n${text}`).join('\n'));
	say('');
	say(listing(plan));
	say(changesText(secretChanges(plan, before, rehearsed.folder)));
	if (rehearsed.proof) {
		say(options.explain ? proofText(rehearsed.proof) : proofLine(rehearsed.proof));
	}

	say(consumersText(caresOf(plan, before), before.consumers.unread));
	sayIf(expectedOutage(plan, before));
};

/** Runs what was planned and checked, and says what came of it. `isLast`: nothing follows it in the same run. */
export const runLooked = async ({session, plan, before, isCure}: Looked, programs: Program[], {isLast = true} = {}): Promise<void> => {
	const {options, access, cluster, folder, goOn} = session;
	const exposure = exposureOf(plan, before);
	const left = (after: Observation): string | undefined => isLast ? leftToDo(session, after) : undefined;
	const outcome = await execute({
		plan,
		access,
		folder,
		login: session.login,
		timeout: options.timeout,
		goOn,
		say,
		planned: before,
		probe: probeWish(options, {stops: !isCure && plan.steps.every(step => step.outage !== true)}),
		report: {
			what: 'rotation',
			programs,
			left: after => [left(after) ?? [], exposure ? keysLeft(exposure) : []].flat(),
			position: observation => positionOf(planFor(session, observation).plan, observation),
		},
	});
	say('');
	say(summaryTable({
		cluster, before, ...outcome,
	}));
	const evidence = evidenceList(outcome.proofs);
	sayIf(evidence === '' ? '' : `Where a handshake cannot prove it:\n${evidence}`);
	sayIf(outcome.probe && probeTable(outcome.probe));
	sayIf(outcome.outage && `The outage was ${outageText(outcome.outage)}.`);

	say(left(outcome.after) ?? 'Done.');
	for (const words of exposure ? keysLeft(exposure) : []) {
		say(words);
	}

	sayReport(outcome);
};

/** Plans, checks, shows, asks and runs once. */
export const rotateOnce = async (asked: Session, programs: Program[]): Promise<void> => {
	const looked = await look(asked);
	const {session: {options, cluster}, nothing} = looked;
	if (nothing) {
		say(nothing.join('\n'));
		return;
	}

	show(looked, await checkAsking(looked));
	await ask(`Rotate ${certificatesWords(cluster)}?`, options.yes ?? false);
	await runLooked(looked, programs);
};
