import {quote} from 'shlex';
import {certificatesWords, namingWords} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import {type Access, observe} from '../observe/cluster.ts';
import type {Login} from '../observe/sql.ts';
import type {BackupFacts, Observation} from '../observe/types.ts';
import {chooseBackup, rollbackSuffix} from '../plan/backups.ts';
import {expiringIn} from '../plan/expiry.ts';
import {folderFiles} from '../plan/prepare.ts';
import {rollbackPlan} from '../plan/rollback.ts';
import {running} from '../plan/steps.ts';
import type {Plan} from '../plan/types.ts';
import {estimate} from '../plan/rotation-time.ts';
import type {Group} from '../prove/types.ts';
import {changesText} from '../render/changes.ts';
import {listing} from '../render/listing.ts';
import {proofLine} from '../render/proof.ts';
import {secretChanges} from '../render/secret-changes.ts';
import {probeTable} from '../report/probe.ts';
import {evidenceList, summaryTable} from '../report/summary.ts';
import {ask} from './ask.ts';
import {belongs} from './belongs.ts';
import {refused} from './errors.ts';
import {execute} from './execute.ts';
import {knowIssuance} from './issued.ts';
import {givenLogin, type LoginFlags} from './login.ts';
import {gather} from './preflight/gather.ts';
import {permissionProblems} from './preflight/permissions.ts';
import {reloadProblems} from './preflight/reload.ts';
import {staysBehindProblems} from './preflight/shared.ts';
import {givenProbe, type ProbeFlags, probeWish} from './probe/options.ts';
import type {Program} from './programs.ts';
import {proveStates} from './proof.ts';
import {rehearse, type Rehearsal} from './rehearse.ts';
import {print, say, sayReport} from './say.ts';
import type {SharedOptions} from './shared-options.ts';

export type RollbackOptions = SharedOptions & ProbeFlags & LoginFlags & {
	/** More clusters, which share its CA. */
	with?: string[];
	/** The name of an older backup. */
	to?: string;
	recreatePods?: boolean;
	dryRun?: boolean;
};

/** What every part of `rollback` needs to know. */
export type BackSession = {options: RollbackOptions; access: Access; cluster: Cluster; folder: string; programs: Program[]; login: Login | undefined};

/** The command as it was asked for, for "go on" in messages: pasteable. The backup is named, so that a later one is not taken for it. */
const goOnCommand = ({options, cluster}: BackSession, backup: BackupFacts): string => {
	const given: Array<[flag: string, value: string | boolean | undefined]> = [
		['--mysql', options.mysql],
		...givenLogin(options),
		['--namespace', options.namespace],
		['--dir', options.dir],
		['--kubeconfig', options.kubeconfig],
		['--context', options.contexts ? undefined : options.context],
		['--to', cluster.together ? undefined : backup.name],
		['--recreate-pods', options.recreatePods],
		...givenProbe(options),
		['--yes', options.yes],
	];
	const words = given.flatMap(([flag, value]) => value === undefined || value === false ? [] : (value === true ? [flag] : [flag, value]));
	return ['npm run rollback --', ...[...namingWords(cluster), ...words].map(word => quote(word))].join(' ');
};

const choose = ({options, cluster}: BackSession, observation: Observation): BackupFacts => {
	const chosen = chooseBackup(observation, cluster, options.to);
	if ('problem' in chosen) {
		throw refused(`there is no way back: ${chosen.problem}`);
	}

	return chosen.backup;
};

/** What bars the way back. That the cluster is not Ready does not: that is what it is for (design.md 4). */
const check = async ({access, cluster, folder, login}: BackSession, plan: Plan, {observation, backup}: {observation: Observation; backup: BackupFacts}): Promise<Rehearsal> => {
	const [first] = running(cluster);
	const rounds = plan.steps.filter(({id}) => id.endsWith(`.restart.${first!}`) || id.endsWith(`.recreate.${first!}`)).length;
	const expiring = expiringIn(backup, cluster, observation.now + estimate(observation.pods.length, rounds));
	const sql = login && {
		access, cluster, folder, login,
	};
	const [forbidden, mute, {others}] = await Promise.all([permissionProblems(access, cluster, {route: 'new-ca'}), reloadProblems(sql, plan, observation), gather(access, cluster)]);
	const behind = staysBehindProblems({cluster, observation, others}, backup.certificates['ca.pem']?.certificates ?? []);
	const problems = [...expiring, ...[...forbidden, ...mute, ...behind].map(({what, fix}) => what + (behind.some(one => one.what === what) ? `\n    → ${fix!}` : ''))];
	if (problems.length > 0) {
		throw refused(['refused; nothing was changed:', ...problems.map(problem => `  ${problem}`)].join('\n'), 'npm run rotate goes on to new certificates instead');
	}

	const rehearsal = await rehearse({access, plan, observation}, async () => []);
	if (rehearsal.problems.length > 0) {
		throw refused(['refused; nothing was changed:', ...rehearsal.problems.map(problem => `  ${problem}`)].join('\n'));
	}

	return rehearsal;
};

/** Runs a way back, or a part of it, and says what came of it. */
export const runBack = async ({session, plan, before, backup}: Back, isLast = true): Promise<void> => {
	const {options, access, cluster, folder, programs, login} = session;
	const goOn = goOnCommand(session, backup);
	const outcome = await execute({
		plan,
		access,
		folder,
		login,
		timeout: options.timeout,
		goOn,
		say,
		stampSuffix: rollbackSuffix,
		planned: before,
		// What it undoes may well show as certificate failures: they are no reason to stop.
		probe: probeWish(options, {stops: false}),
		report: {what: 'rollback', programs, left: () => []},
	});
	say('');
	say(summaryTable({cluster, before, ...outcome}));
	const evidence = evidenceList(outcome.proofs);
	if (evidence !== '') {
		say(`Where a handshake cannot prove it:\n${evidence}`);
	}

	if (outcome.probe) {
		say(probeTable(outcome.probe));
	}

	if (isLast) {
		say('Done: folder, Secrets and pods have the certificates of the backup.');
	}

	sayReport(outcome);
};

/** A way back as it was planned. */
export type Back = {
	session: BackSession;
	plan: Plan;
	before: Observation;
	backup: BackupFacts;
	/** Processes of other clusters with the same CA, as they are while this one goes back. */
	beside?: Group[];
};

/**
Looks at folder and cluster.
@throws Stopped when the folder is another cluster's.
*/
export const lookBack = async (asked: BackSession): Promise<Pick<Back, 'session' | 'before'>> => {
	const {access, folder} = asked;
	const {cluster, observation: before} = await knowIssuance(access, asked.cluster, await observe(access, asked.cluster, folder));
	await belongs(folder, before);
	return {session: {...asked, cluster}, before};
};

/**
Plans the way back; `to` names the backup.
@throws Stopped (refused) when there is none.
*/
export const planBack = ({session, before}: Pick<Back, 'session' | 'before'>, to = session.options.to): Back => {
	const {cluster, options} = session;
	const backup = choose({...session, options: {...options, ...(to !== undefined && {to})}}, before);
	const plan = rollbackPlan({
		cluster, observation: before, backup, recreatePods: options.recreatePods ?? false, files: folderFiles(before),
	});
	return {
		session, plan, before, backup,
	};
};

/**
Everything that must hold before the first write.
@returns the way back as a person reads it.
@throws Stopped (refused) with every problem.
*/
export const checkBack = async ({session, plan, before, backup, beside}: Back): Promise<string> => {
	const rehearsed = await check(session, plan, {observation: before, backup});
	// A way back is taken because of a fault: only what it would break itself bars it, and is then shown whole.
	const proof = proveStates({
		plan, observation: before, rehearsal: rehearsed, beside, isStrict: false, isExplained: true,
	});
	return `Back to backups/${backup.name}:\n${listing(plan)}\n${changesText(secretChanges(plan, before, rehearsed.folder))}\n${proofLine(proof)}\n`;
};

/** Takes one cluster back. */
export const rollBackOnce = async (asked: BackSession): Promise<void> => {
	const back = planBack(await lookBack(asked));
	const {session: {options, cluster}, plan, backup} = back;
	if (plan.steps.length === 0) {
		say(`Nothing to do: folder and Secrets are as in backups/${backup.name}.`);
		return;
	}

	const shown = await checkBack(back);
	if (options.dryRun) {
		await print(shown);
		return;
	}

	say(shown);
	await ask(`Roll ${certificatesWords(cluster)} back?`, options.yes ?? false);
	await runBack(back);
};
