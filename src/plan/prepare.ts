import {components} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {surplusBackups} from './backups.ts';
import {caFiles, isCaFile} from './ca-files.ts';
import {returnFirst} from './cert-manager/back.ts';
import {
	backupStep,
	changeRequests,
	followSecrets,
	pruneStep,
	restoreFolder,
	type Texts,
} from './folder.ts';
import {
	behindSecrets,
	hasOpenCa,
	renewedMeanwhile,
	strayLeaves,
} from './position.ts';
import type {Step, Target} from './types.ts';

export type PlanInput = {
	cluster: Cluster;
	target: Target;
	observation: Observation;
	/** All requests and configuration for a folder that is not there; undefined when it is. */
	restore?: Texts;
	/** Requests that a person asked to change. */
	changed: Texts;
	/** The folder of another cluster that shares the CA and has made the new one; its absolute path. */
	newCaFrom?: string | undefined;
	/** A leaf has expired: neither the pods nor the operator can be asked before the new leaves are served. */
	cure: boolean;
	/** What would be renewed was made only now: pods that are still on their way to it belong to that. */
	isYoung?: boolean;
	/** How many backups a person wants to keep; undefined: all. */
	keepBackups?: number;
};

/** Names in the order of a listing. */
export const inAlphabet = (files: string[]): string[] => files.toSorted((one, other) => one.localeCompare(other, 'en'));

/** The files that a backup takes: certificates, keys and requests. */
export const folderFiles = ({folder}: Observation): string[] => inAlphabet([...Object.keys(folder.certificates), ...Object.keys(folder.keys), ...Object.keys(folder.requests)]);

/** The files that a lost folder has once it is made again. */
export const restoredFiles = (cluster: Cluster, texts: Texts): string[] => inAlphabet([
	'ca.pem', ...cluster.components.flatMap(component => [`${components[component].file}.pem`, `${components[component].file}-key.pem`]), ...Object.keys(texts),
]);

/** Where somebody began by hand: what the CA's files were called at the rotation's start, of which there is no backup. */
const unsavedStart = (observation: Observation, next: Step | undefined): Record<string, string> | undefined => {
	const files = caFiles(observation);
	const {certificates, backups} = observation.folder;
	const isSaved = backups.some(backup => backup.certificates['ca.pem']?.digest === certificates['ca.old.pem']?.digest);
	return files.is === 'begun' || (!isSaved && files.is === 'combined' && next?.phase === 'trust') ? files.start : undefined;
};

/** The backup that goes before the first write, if there is to be one. */
const backupOf = ({cluster, observation, restore}: PlanInput, steps: Step[], from: number): Step | undefined => {
	const left = steps.slice(from).filter(({lines}) => lines.length > 0);
	// A backup belongs to the beginning of a rotation and of a retire that is run later; on the way the one that was made counts.
	const isBeginning = from === 0 || left[0]?.id === 'retire.apply';
	const start = unsavedStart(observation, steps[from]);
	if (left.length === 0 || (start === undefined && !isBeginning)) {
		return undefined;
	}

	const files = restore ? inAlphabet([...new Set([...restoredFiles(cluster, restore), ...folderFiles(observation)])]) : folderFiles(observation);
	return start ? backupStep(cluster, files.filter(file => !isCaFile(file)), start) : backupStep(cluster, files);
};

/** A renewal, or a way back, that was left in the middle: the combined CA goes out with the leaves that are in use. */
const straysOf = ({cluster, target, observation, restore}: PlanInput, steps: Step[], from: number): ComponentName[] => {
	if (restore !== undefined || target.route === 'keep-ca') {
		return [];
	}

	const next = steps[from]?.id ?? '';
	if (cluster.issuance) {
		// Until its Certificate is put aside, and once it is back, cert-manager may issue a leaf again at any time.
		return ['trust.aside', 'trust.apply'].includes(next) ? behindSecrets(observation) : renewedMeanwhile(cluster, observation);
	}

	return from === 0 || ['trust.apply', 'renew.apply'].includes(next) ? strayLeaves(observation) : [];
};

/** What is done to the folder before a rotation goes on at `from`, an index into its steps. Pure. */
export const prepareSteps = (input: PlanInput, steps: Step[], from: number): Step[] => {
	const {
		cluster, observation, restore, changed, keepBackups,
	} = input;
	const backup = backupOf(input, steps, from);
	const strays = straysOf(input, steps, from);
	const returned = from === 0 && !hasOpenCa(observation) ? returnFirst(cluster, input.target, observation) : undefined;
	const surplus = backup && keepBackups !== undefined ? surplusBackups(observation, cluster, keepBackups) : [];
	return [
		...(returned ? [returned] : []),
		...(restore ? [restoreFolder(cluster, restore)] : []),
		...(strays.length > 0 ? [followSecrets(cluster, strays)] : []),
		...(backup ? [backup] : []),
		...(surplus.length > 0 ? [pruneStep(surplus)] : []),
		...((backup !== undefined || from === 0) && Object.keys(changed).length > 0 ? [changeRequests(changed)] : []),
	];
};
