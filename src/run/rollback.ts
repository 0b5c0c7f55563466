import {quote} from 'shlex';
import {certificatesWords, sideWords} from '../cluster/names.ts';
import {clusterFolder} from '../cluster/place.ts';
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
import {changesText} from '../render/changes.ts';
import {listing} from '../render/listing.ts';
import {proofLine} from '../render/proof.ts';
import {secretChanges} from '../render/secret-changes.ts';
import {probeTable} from '../report/probe.ts';
import {evidenceList, summaryTable} from '../report/summary.ts';
import {openAccess} from './access.ts';
import {ask} from './ask.ts';
import {belongs} from './belongs.ts';
import {refused, usage} from './errors.ts';
import {execute} from './execute.ts';
import {findCluster} from './find.ts';
import {firstLook} from './first-look.ts';
import {inFolder} from './folder-lock.ts';
import {knowIssuance} from './issued.ts';
import {endOnSignals} from './interrupt.ts';
import {
	checkLoginUsage,
	givenLogin,
	type LoginFlags,
	loginOf,
} from './login.ts';
import {permissionProblems} from './preflight/permissions.ts';
import {reloadProblems} from './preflight/reload.ts';
import {
	checkProbeUsage,
	givenProbe,
	type ProbeFlags,
	probeWish,
} from './probe/options.ts';
import {type Program, showPrograms} from './programs.ts';
import {proveStates} from './proof.ts';
import {rehearse, type Rehearsal} from './rehearse.ts';
import {print, say, sayReport} from './say.ts';
import {type SharedOptions, showCommands} from './shared-options.ts';

export type RollbackOptions = SharedOptions & ProbeFlags & LoginFlags & {
	/** The name of an older backup. */
	to?: string;
	recreatePods?: boolean;
	dryRun?: boolean;
};

type Session = {options: RollbackOptions; access: Access; cluster: Cluster; folder: string; programs: Program[]; login: Login | undefined};

/** The command as it was asked for, for "go on" in messages: pasteable. The backup is named, so that a later one is not taken for it. */
const goOnCommand = ({options, cluster}: Session, backup: BackupFacts): string => {
	const given: Array<[flag: string, value: string | boolean | undefined]> = [
		['--cluster', cluster.name],
		['--mysql', options.mysql],
		...givenLogin(options),
		['--namespace', options.namespace],
		['--dir', options.dir],
		['--kubeconfig', options.kubeconfig],
		['--context', options.context],
		['--to', backup.name],
		['--recreate-pods', options.recreatePods],
		...givenProbe(options),
		['--yes', options.yes],
	];
	const words = given.flatMap(([flag, value]) => value === undefined || value === false ? [] : (value === true ? [flag] : [flag, value]));
	return ['npm run rollback --', ...words.map(word => quote(word))].join(' ');
};

const choose = ({options, cluster}: Session, observation: Observation): BackupFacts => {
	const chosen = chooseBackup(observation, cluster, options.to);
	if ('problem' in chosen) {
		throw refused(`there is no way back: ${chosen.problem}`);
	}

	return chosen.backup;
};

/** What bars the way back. That the cluster is not Ready does not: that is what it is for (design.md 4). */
const check = async ({access, cluster, folder, login}: Session, plan: Plan, {observation, backup}: {observation: Observation; backup: BackupFacts}): Promise<Rehearsal> => {
	const [first] = running(cluster);
	const rounds = plan.steps.filter(({id}) => id.endsWith(`.restart.${first!}`) || id.endsWith(`.recreate.${first!}`)).length;
	const expiring = expiringIn(backup, cluster, observation.now + estimate(observation.pods.length, rounds));
	const sql = login && {
		access, cluster, folder, login,
	};
	const [forbidden, mute] = await Promise.all([permissionProblems(access, cluster, {route: 'new-ca'}), reloadProblems(sql, plan, observation)]);
	const problems = [...expiring, ...[...forbidden, ...mute].map(({what}) => what)];
	if (problems.length > 0) {
		throw refused(['refused; nothing was changed:', ...problems.map(problem => `  ${problem}`)].join('\n'), 'npm run rotate goes on to new certificates instead');
	}

	const rehearsal = await rehearse({access, plan, observation}, async () => []);
	if (rehearsal.problems.length > 0) {
		throw refused(['refused; nothing was changed:', ...rehearsal.problems.map(problem => `  ${problem}`)].join('\n'));
	}

	return rehearsal;
};

const run = async (session: Session, plan: Plan, {before, goOn}: {before: Observation; goOn: string}): Promise<void> => {
	const {options, access, cluster, folder, programs, login} = session;
	await ask(`Roll ${certificatesWords(cluster)} back?`, options.yes ?? false);
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

	say('Done: folder, Secrets and pods have the certificates of the backup.');
	sayReport(outcome);
};

const rollBack = async (asked: Session): Promise<void> => {
	const {options, access, folder} = asked;
	const {cluster, observation: before} = await knowIssuance(access, asked.cluster, await observe(access, asked.cluster, folder));
	const session = {...asked, cluster};
	await belongs(folder, before);
	const backup = choose(session, before);
	const plan = rollbackPlan({
		cluster, observation: before, backup, recreatePods: options.recreatePods ?? false, files: folderFiles(before),
	});
	if (plan.steps.length === 0) {
		say(`Nothing to do: folder and Secrets are as in backups/${backup.name}.`);
		return;
	}

	const rehearsed = await check(session, plan, {observation: before, backup});
	// A way back is taken because of a fault: only what it would break itself bars it, and is then shown whole.
	const proof = proveStates({
		plan, observation: before, rehearsal: rehearsed, isStrict: false, isExplained: true,
	});
	const shown = `Back to backups/${backup.name}:\n${listing(plan)}\n${changesText(secretChanges(plan, before, rehearsed.folder))}\n${proofLine(proof)}\n`;
	if (options.dryRun) {
		await print(shown);
		return;
	}

	say(shown);
	await run(session, plan, {before, goOn: goOnCommand(session, backup)});
};

/**
`npm run rollback`: from any position back to the certificates of a backup, by default that of the last rotation's start.
@throws Stopped (refused) when there is no backup, or its certificates have expired or will before the way back ends.
*/
export const rollback = async (options: RollbackOptions): Promise<void> => {
	checkProbeUsage(options);
	checkLoginUsage(options);
	if (options.reload && options.recreatePods) {
		throw usage('--reload restarts nobody, and --recreate-pods deletes the pods: choose one');
	}

	const login = await loginOf(options);
	endOnSignals();
	showCommands(options);
	const access = await openAccess(options);
	try {
		const programs = await showPrograms(say);
		const cluster = await firstLook(async () => findCluster(access, options.cluster, options));
		const folder = clusterFolder(options.cluster, options);
		const session: Session = {
			options, access, cluster: {...cluster, ...(options.reload && {takesUp: 'by reload'})}, folder, programs, login,
		};
		await (options.dryRun ? rollBack(session) : inFolder(folder, `the way back of ${sideWords(cluster)}`, async () => rollBack(session)));
	} finally {
		await access.close();
	}
};
