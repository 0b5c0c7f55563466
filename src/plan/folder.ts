import {clientComponent} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {
	backUp,
	removeBackup,
	takeBundle,
	takeFromSecret,
	writeFile,
} from './lines.ts';
import {step} from './steps.ts';
import type {Step} from './types.ts';

/** Files that the plan writes from text of its own: requests and configuration, by file name. Nothing secret. */
export type Texts = Record<string, string>;

/** A lost cluster folder, made again from the templates and the live certificates (design.md 4). */
export const restoreFolder = (cluster: Cluster, texts: Texts): Step => step({
	id: 'prepare.folder',
	phase: 'prepare',
	title: 'Make the cluster folder again from the Secrets and the templates',
	lines: [
		takeBundle(cluster, cluster.components[0] ?? clientComponent(cluster)),
		...cluster.components.map(component => takeFromSecret(cluster, component)),
		...Object.entries(texts).map(([file, text]) => writeFile(file, text)),
	],
	done: cluster.components.map(component => ({is: 'kept', component})),
});

/** Requests that a person asked to change by `--merge-sans` or `--ca-ou`. */
export const changeRequests = (texts: Texts): Step => step({
	id: 'prepare.requests',
	phase: 'prepare',
	title: `Write ${Object.keys(texts).join(', ')} as asked`,
	lines: Object.entries(texts).map(([file, text]) => writeFile(file, text)),
	done: [],
});

/** A renewal of leaves, or a way back, was left in the middle: a new CA begins with the leaves that are in use. */
export const followSecrets = (cluster: Cluster, behind: ComponentName[]): Step => step({
	id: 'prepare.leaves',
	phase: 'prepare',
	title: `Take the leaves of the Secrets into the folder for ${behind.join(', ')}: an earlier run was left in the middle`,
	lines: behind.map(component => takeFromSecret(cluster, component)),
	done: behind.map(component => ({is: 'kept', component})),
});

/**
The folder's files and the Secrets, before the first write. `renamed`: files that hold what had another name when the rotation
began, by that name (`CaFiles.start`).
*/
export const backupStep = (cluster: Cluster, files: string[], renamed?: Record<string, string>): Step => step({
	id: 'prepare.backup',
	phase: 'prepare',
	title: 'Back up the cluster folder and the Secrets',
	lines: backUp(cluster, files, renamed ?? {}),
	done: [{is: 'backup', ...(renamed && {renamed})}],
});

/** Old backups, which a person asked to have removed. */
export const pruneStep = (names: string[]): Step => step({
	id: 'prepare.prune',
	phase: 'prepare',
	title: `Remove ${names.length === 1 ? 'the backup' : `${names.length} backups`} that --keep-backups leaves over`,
	lines: names.map(name => removeBackup(name)),
	done: [],
});
