import {clusterFolder} from '../cluster/place.ts';
import {requestTexts} from '../cluster/request-texts.ts';
import type {Cluster} from '../cluster/types.ts';
import {type Access, observe} from '../observe/cluster.ts';
import type {Observation} from '../observe/types.ts';
import {
	allYoung,
	caExpired,
	expiredLeaves,
	reached,
} from '../plan/decide.ts';
import {makePlan} from '../plan/make.ts';
import {hasOpenCa} from '../plan/position.ts';
import type {Plan, Target} from '../plan/types.ts';
import {changes} from '../render/changes.ts';
import {listing} from '../render/listing.ts';
import {evidenceList, summaryTable} from '../report/summary.ts';
import {openAccess} from './access.ts';
import {ask} from './ask.ts';
import {belongs, remember} from './belongs.ts';
import {refused} from './errors.ts';
import {execute} from './execute.ts';
import {findCluster} from './find.ts';
import {firstLook} from './first-look.ts';
import {endOnSignals} from './interrupt.ts';
import {preflight} from './preflight.ts';
import {showPrograms} from './programs.ts';
import {changedRequests} from './requests.ts';
import {
	checkUsage,
	goOnCommand,
	type RotateOptions,
	targetOf,
} from './rotate-options.ts';
import {say} from './say.ts';
import {showCommands} from './shared-options.ts';
import {recover} from './staging.ts';
import {checkWritable} from './writable.ts';

type Session = {options: RotateOptions; access: Access; cluster: Cluster; folder: string; target: Target; goOn: string};

const retireHint = (session: Session): string => `The old CA is still trusted. To take it away: npm run rotate -- --cluster ${session.cluster.name} --retire-old-ca`;

type Planned = {plan: Plan; isCure: boolean; texts: Record<string, string>};

const plan = (session: Session, observation: Observation): Planned => {
	const {options, cluster, target} = session;
	const isCure = target.route === 'keep-ca' && expiredLeaves(observation).length > 0 && !caExpired(observation);
	const changed = changedRequests(cluster, observation, {mergeSans: options.mergeSans ?? false, ...(options.caOu !== undefined && {caOu: options.caOu})});
	const restore = observation.folder.exists ? undefined : requestTexts(cluster, observation, {onlyMissing: false});
	const made = makePlan({
		cluster, target, observation, changed, cure: isCure, ...(restore && {restore}),
	});
	return {plan: made, isCure, texts: {...restore, ...changed}};
};

/** Why nothing is to be done, in lines for a person; undefined when something is. */
const nothingToDo = (session: Session, {plan: made}: Planned, observation: Observation): string[] | undefined => {
	const {options, target} = session;
	if (made.from > 0) {
		const hint = target.retire || target.route === 'keep-ca' ? [] : [retireHint(session)];
		return reached(made) ? [`Nothing to do: ${target.retire ? 'the old CA is retired' : 'trust and reissue are done'}.`, ...hint] : undefined;
	}

	const young = options.new ? undefined : allYoung(observation, target, options.minAge);
	return young === undefined
		? undefined
		: [
			`Nothing to do: the certificates that this would replace are valid since ${young} only.`,
			`--min-age is ${options.minAge / 3_600_000}h; --min-age 0 rotates all the same.`,
		];
};

/** A folder between the documents' items that no step of ours left so: doing item 1 again would overwrite the old CA (tidb-facts 5.A.20). */
const checkPlace = ({target, folder}: Session, {plan: made}: Planned, observation: Observation): void => {
	if (target.route === 'new-ca' && hasOpenCa(observation) && made.from === 0) {
		throw refused(
			`${folder} holds ca.new.pem or ca.old.pem, but its ca.pem is not the two combined: this tool cannot place that, and touches nothing`,
			'put the folder back from its backup, or finish by hand what was begun by hand',
		);
	}
};

/** What stands at the end of a run that reached its target. */
const lastLine = (session: Session): string => {
	const {target, goOn} = session;
	if (target.route === 'keep-ca' || target.retire) {
		return 'Done.';
	}

	return target.until === 'trust' ? `Done: every process trusts both CAs. Go on: ${goOn.replace(' --until trust', '')}` : retireHint(session);
};

/** Plans, checks, shows, asks and runs once. */
const rotateOnce = async (session: Session): Promise<void> => {
	const {options, access, cluster, folder, target, goOn} = session;
	const before = await observe(access, cluster, folder);
	const remembered = await belongs(folder, before);
	const planned = plan(session, before);
	const {plan: made, isCure, texts} = planned;
	checkPlace(session, planned, before);
	const nothing = nothingToDo(session, planned, before);
	if (nothing) {
		say(nothing.join('\n'));
		return;
	}

	const rehearsed = await preflight({
		access,
		cluster,
		target,
		plan: made,
		observation: before,
		texts,
		isCure,
		isResumed: made.from > 0,
		suspended: remembered?.suspended ?? [],
		async confirm(question) {
			say(question);
			if (!options.dryRun) {
				await ask('Go on all the same?', options.yes ?? false);
			}
		},
	});
	say(listing(made));
	say(changes(made, before, rehearsed));
	if (options.dryRun) {
		say('A dry run: nothing was changed.');
		return;
	}

	await ask(`Rotate the certificates of ${cluster.name} in namespace ${cluster.namespace}?`, options.yes ?? false);
	await remember(folder, before);
	const outcome = await execute({
		plan: made, access, folder, timeout: options.timeout, goOn, say,
	});
	say('');
	say(summaryTable({
		cluster, before, ...outcome,
	}));
	const evidence = evidenceList(outcome.proofs);
	if (evidence !== '') {
		say(`Where a handshake cannot prove it:\n${evidence}`);
	}

	say(lastLine(session));
};

/** An earlier rotation that was finished but for its old CA. */
const unretired = async (session: Session): Promise<boolean> => {
	const observation = await observe(session.access, session.cluster, session.folder);
	if (!hasOpenCa(observation)) {
		return false;
	}

	const {plan: made} = plan({...session, target: {...session.target, retire: false}}, observation);
	if (!reached(made)) {
		throw refused('the rotation that is under way is not finished, so --new cannot begin another', `go on with it: npm run rotate -- --cluster ${session.cluster.name}`);
	}

	return true;
};

/** `npm run rotate`: from wherever the cluster stands to the target that was asked for. */
export const rotate = async (options: RotateOptions): Promise<void> => {
	checkUsage(options);
	endOnSignals();
	showCommands(options);
	const access = await openAccess(options);
	try {
		await showPrograms(say);
		const cluster = await firstLook(async () => findCluster(access, options.cluster, options.namespace));
		const folder = clusterFolder(options.cluster, options.dir);
		if (!options.dryRun) {
			await checkWritable(folder);
			await recover(folder);
		}

		const session: Session = {
			options, access, cluster, folder, target: targetOf(options, cluster), goOn: goOnCommand(options, cluster),
		};
		if (options.new && await unretired(session)) {
			say('The earlier CA is retired first.');
			await rotateOnce({...session, target: {...session.target, retire: true}});
		}

		await rotateOnce(session);
	} finally {
		await access.close();
	}
};
