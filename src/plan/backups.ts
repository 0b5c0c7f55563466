import {components} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {BackupFacts, Observation} from '../observe/types.ts';
import {caFiles} from './ca-files.ts';

/** A backup that a rollback made before it began: it is no place to go back to by itself. */
export const rollbackSuffix = '-before-rollback';

/** When a backup was made, as its name says: `2026-11-24T02:15:00Z`. */
export const backupTime = ({name}: BackupFacts): string => name.replace(
	/^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z.*$/v,
	'$<year>-$<month>-$<day>T$<hour>:$<minute>:$<second>Z',
);

const isOpen = ({certificates}: BackupFacts): boolean => 'ca.new.pem' in certificates || 'ca.old.pem' in certificates;

/** Every file of a backup that belongs to the folder. */
export const filesOf = ({certificates, keys, requests}: BackupFacts): string[] =>
	[...Object.keys(certificates), ...Object.keys(keys), ...requests].toSorted((one, other) => one.localeCompare(other, 'en'));

/**
Between trust and retire a renewal of leaves begins with the CAs of now and older leaves; a retire that is run later with the leaves of
now, and in the middle of a way back from there the folder's are older than those.
*/
const isStart = (backup: BackupFacts, {folder}: Observation, cluster: Cluster): boolean => {
	const isSameCa = backup.certificates['ca.pem']?.digest === folder.certificates['ca.pem']?.digest;
	const isRenewed = cluster.components.some(component => {
		const file = `${components[component].file}.pem`;
		const [then] = backup.certificates[file]?.certificates ?? [];
		const [now] = folder.certificates[file]?.certificates ?? [];
		return then !== undefined && now !== undefined && then.fingerprint !== now.fingerprint && now.notBefore > then.notBefore;
	});
	return !isOpen(backup) || (isSameCa && isRenewed);
};

/**
The backup that a rollback goes back to: the one that is named, or that of the last rotation's start.
@returns the backup, or why there is none, in words.
*/
export const chooseBackup = (observation: Observation, cluster: Cluster, named?: string): {backup: BackupFacts} | {problem: string} => {
	const {backups, path} = observation.folder;
	if (backups.length === 0) {
		return {problem: `${path}/backups is empty or not there: nothing is known of the time before`};
	}

	if (named !== undefined) {
		const backup = backups.find(({name}) => name === named);
		return backup ? {backup} : {problem: `there is no backup ${named}; there are: ${backups.map(({name}) => name).join(', ')}`};
	}

	const files = caFiles(observation);
	if (files.is === 'begun' && backups.every(one => one.certificates['ca.pem']?.digest !== observation.folder.certificates['ca.old.pem']?.digest)) {
		const harmless = 'no Secret has the new CA as long as nobody wrote it there';
		return {problem: `a rotation was begun by hand, and no backup is of its start (${files.words}); ${harmless}: put ca.old.pem and its key back in their places, or name a backup with --to`};
	}

	const backup = backups.find(one => !one.name.endsWith(rollbackSuffix) && isStart(one, observation, cluster));
	return backup ? {backup} : {problem: `none of the backups in ${path}/backups is that of a rotation's start; name one with --to`};
};

/**
The backups that go when `keep` are to be left, the one that is about to be made among them: the oldest. That which a rollback
would go back to by itself stays. Pure.
*/
export const surplusBackups = (observation: Observation, cluster: Cluster, keep: number): string[] => {
	const chosen = chooseBackup(observation, cluster);
	return observation.folder.backups.slice(keep - 1).map(({name}) => name).filter(name => 'problem' in chosen || name !== chosen.backup.name).toReversed();
};
