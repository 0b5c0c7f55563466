import {certificatesWords, optionsFor, sideWords} from '../cluster/names.ts';
import {clusterFolder} from '../cluster/place.ts';
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
import {openAccess} from './access.ts';
import {ask} from './ask.ts';
import {showDryRun} from './dry-run.ts';
import {execute} from './execute.ts';
import {findCluster} from './find.ts';
import {firstLook} from './first-look.ts';
import {inFolder} from './folder-lock.ts';
import {endOnSignals} from './interrupt.ts';
import {loginOf} from './login.ts';
import {probeWish} from './probe/options.ts';
import {type Program, showPrograms} from './programs.ts';
import {
	goOnCommand,
	type RotateOptions,
	targetOf,
} from './rotate-options.ts';
import {
	check,
	isUnretired,
	look,
	planFor,
	retireHint,
	type Session,
} from './rotation.ts';
import {say, sayReport} from './say.ts';
import {showCommands} from './shared-options.ts';

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

/** Plans, checks, shows, asks and runs once. */
const rotateOnce = async (asked: Session, programs: Program[]): Promise<void> => {
	const looked = await look(asked);
	const {session, plan, before, nothing} = looked;
	const {options, access, cluster, folder, goOn} = session;
	if (nothing) {
		say(nothing.join('\n'));
		return;
	}

	const rehearsed = await check(looked, async question => {
		say(question);
		await ask('Go on all the same?', options.yes ?? false);
	});
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
	await ask(`Rotate ${certificatesWords(cluster)}?`, options.yes ?? false);
	const outcome = await execute({
		plan,
		access,
		folder,
		login: session.login,
		timeout: options.timeout,
		goOn,
		say,
		planned: before,
		probe: probeWish(options, {stops: !looked.isCure && plan.steps.every(step => step.outage !== true)}),
		report: {
			what: 'rotation',
			programs,
			left: after => [leftToDo(session, after) ?? [], exposure ? keysLeft(exposure) : []].flat(),
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

	say(leftToDo(session, outcome.after) ?? 'Done.');
	for (const words of exposure ? keysLeft(exposure) : []) {
		say(words);
	}

	sayReport(outcome);
};

const run = async (session: Session, programs: Program[]): Promise<void> => {
	if (session.options.new && await isUnretired(session)) {
		say('The earlier CA is retired first.');
		await rotateOnce({...session, target: {...session.target, retire: true}}, programs);
	}

	await rotateOnce(session, programs);
};

/** `npm run rotate`: from wherever the cluster stands to the target that was asked for. The options have passed `checkUsage`. */
export const rotate = async (options: RotateOptions): Promise<void> => {
	const login = await loginOf(options);
	endOnSignals();
	showCommands(options);
	const access = await openAccess(options);
	try {
		const programs = await showPrograms(say);
		const cluster = await firstLook(async () => findCluster(access, options.cluster, options));
		const session: Session = {
			options, login, access, cluster: {...cluster, ...(options.reload && {takesUp: 'by reload'})}, folder: clusterFolder(options.cluster, options), target: targetOf(options, cluster), goOn: goOnCommand(options, cluster),
		};
		await (options.dryRun ? showDryRun(session, programs) : inFolder(session.folder, `the rotation of ${sideWords(cluster)}`, async () => run(session, programs)));
	} finally {
		await access.close();
	}
};
