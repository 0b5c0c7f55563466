import {components, limitedTo, withGuests} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {BackupFacts, Observation} from '../observe/types.ts';
import {filesOf} from './backups.ts';
import {issuanceBack} from './cert-manager/back.ts';
import {isSameKeyCa} from './renewing.ts';
import {backupStep} from './folder.ts';
import {
	apply,
	combineAgain,
	deletePods,
	restoreAll,
	takeBack,
} from './lines.ts';
import {podsOf} from './judge-roll.ts';
import {type RollbackState, rollbackState} from './rollback-state.ts';
import {sourcesOf} from './sources.ts';
import {
	each,
	everySecret,
	type Restarting,
	restartSteps,
	running,
	step as usualStep,
} from './steps.ts';
import type {
	Condition,
	Plan,
	Step,
	Target,
} from './types.ts';

export type RollbackInput = {
	cluster: Cluster;
	observation: Observation;
	backup: BackupFacts;
	/** Delete the pods instead of asking the operator, which may be stuck (tidb-facts 3.3). */
	recreatePods: boolean;
	/** The files that the backup before the rollback takes. */
	files: string[];
};

type Way = RollbackInput & {state: RollbackState};

const step = (parts: Pick<Step, 'id' | 'title' | 'lines' | 'done'> & Partial<Step>): Step => usualStep({phase: 'rollback', ...parts});

/** The pods start anew: by the operator, or, where it is asked for, by deleting them, PD first. */
const renewPods = ({cluster, recreatePods}: Way, restarting: Omit<Restarting, 'phase'> & {name: string}, some = cluster): Step[] => {
	const others = recreatePods ? limitedTo(some, []) : some;
	return [
		...restartSteps(others, {phase: 'rollback', ...restarting}),
		...(recreatePods ? running(some) : []).map(component => step({
			id: `${restarting.name}.recreate.${component}`,
			title: `Delete the ${component} pods and wait for their successors`,
			lines: [deletePods(cluster, component)],
			done: [{is: 'recreated', component}],
			limit: 'while it progresses',
		})),
	];
};

const writeSecrets = ({cluster}: Way, {id, title, bundle, needs}: {id: string; title: string; bundle: string; needs: Condition[]}): Step => step({
	id,
	title,
	// A Secret whose own bundle does not verify its leaf is never written (design.md 8).
	needs: [...sourcesOf(cluster).beforeWrite, ...cluster.components.map(component => ({is: 'signed', component, by: bundle} as const)), ...needs],
	lines: cluster.components.map(component => apply(cluster, component, bundle, undefined)),
	independent: true,
	done: everySecret(cluster, bundle, true),
});

const seeServed = ({cluster}: Way, id: string): Step => step({
	id,
	title: 'See that every pod serves the certificate of its Secret and accepts the present client certificate',
	lines: [],
	done: each(cluster, component => ({is: 'serves', component})),
	limit: 'while it progresses',
});

const leafFiles = ({components: names}: Cluster): string[] => names.map(component => components[component].file).flatMap(file => [`${file}.pem`, `${file}-key.pem`]);

const takeLeaves = ({cluster, backup}: Way): Step => step({
	id: 'rollback.leaves',
	title: `Take the leaves of backups/${backup.name} into the folder`,
	lines: [takeBack(backup.name, leafFiles(cluster))],
	done: [{is: 'restored', backup: backup.name, files: leafFiles(cluster)}],
});

const combine = ({backup, observation}: Way): Step => step({
	id: 'rollback.ca',
	title: `Combine the CA certificate with that of backups/${backup.name}`,
	lines: [combineAgain(backup.name, {hasOldKey: 'ca-key.pem' in backup.keys, hasNewKey: 'ca-key.pem' in observation.folder.keys})],
	done: [{is: 'folder', file: 'ca.pem', of: ['ca.new.pem', 'ca.old.pem']}],
});

const restoreFolder = ({backup, observation}: Way): Step => {
	const pems = [...Object.keys(backup.certificates), ...Object.keys(backup.keys)];
	const {certificates, keys} = observation.folder;
	// Files that the way back itself makes, and those that are there already.
	const present = [...Object.keys(certificates), ...Object.keys(keys), 'ca.new.pem', 'ca.old.pem', 'ca-key.new.pem', 'ca-key.old.pem'];
	const surplus = [...new Set(present)].filter(file => /^ca(?:-key)?\./v.test(file) && !pems.includes(file)).toSorted();
	return step({
		id: 'rollback.folder',
		title: `Make the folder what it was at backups/${backup.name}`,
		lines: [restoreAll(backup.name, {files: filesOf(backup), surplus})],
		done: [{is: 'restored', backup: backup.name, files: pems}, {is: 'absent', files: surplus}],
	});
};

/** While leaves of both are in use, no Secret loses either CA, whatever became of the folder's ca.pem meanwhile. */
const bothCas: Condition = {is: 'folder', file: 'ca.pem', of: ['ca.new.pem', 'ca.old.pem']};

/** What is no longer trusted everywhere becomes trusted first: the rule is the same both ways (design.md 4). */
const trustAgain = (way: Way): Step[] => [
	writeSecrets(way, {
		id: 'rollback-trust.apply',
		title: 'Write the combined CA certificate to the Secrets, with the leaves they have',
		bundle: 'ca.pem',
		needs: [bothCas, ...way.cluster.components.map(component => ({is: 'kept', component} as const))],
	}),
	...renewPods(way, {name: 'rollback-trust', bundle: 'ca.pem'}),
	step({
		id: 'rollback-trust.verify',
		title: 'See that every pod trusts the old CA again',
		lines: [],
		done: each(way.cluster, component => ({is: 'trusts-old', component, strict: false})),
		limit: 'while it progresses',
	}),
];

/** The same of discovery alone, where the pods are known to trust the old CA. */
const discoveryAgain = (way: Way): Step[] => way.state.hasOtherDiscovery || way.state.mayDiscoveryLack
	? renewPods(way, {name: 'rollback-trust', bundle: 'ca.pem'}, limitedTo(way.cluster, []))
	: [];

const leavesBack = (way: Way, needs: Condition[]): Step[] => [
	...(way.state.oldLeavesHere ? [] : [takeLeaves(way)]),
	writeSecrets(way, {
		id: 'rollback-leaves.apply', title: 'Write the old leaves to the Secrets', bundle: 'ca.pem', needs,
	}),
	...renewPods(way, {name: 'rollback-leaves', bundle: 'ca.pem', isOfLeaves: true}),
	seeServed(way, 'rollback-leaves.verify'),
];

/**
Components of which a restart can tell what they trust. Pods from before our first restart carry no hash of what they started with; where
they stay, it is because they never started with anything but the old CA.
*/
const judged = ({cluster, observation}: Way, restarted: Cluster): ComponentName[] => withGuests(cluster)
	.filter(component => withGuests(restarted).includes(component) || podsOf(observation, component).every(pod => pod.material !== ''));

/** The new CA goes when nothing serves or presents a leaf of it any more. */
const caBack = (way: Way, restarted: Cluster): Step[] => {
	const {cluster, state} = way;
	const telling = limitedTo(cluster, judged(way, restarted));
	return [
		...(state.secretsOld
			? []
			: [writeSecrets(way, {
				id: 'rollback-ca.apply',
				title: 'Write the old CA certificate alone to the Secrets',
				bundle: 'ca.old.pem',
				needs: [
					...cluster.components.map(component => ({is: 'kept', component} as const)),
					...(state.hadNewLeaves ? each(cluster, component => ({is: 'serves', component})) : []),
				],
			})]),
		...renewPods(way, {name: 'rollback-ca', bundle: 'ca.old.pem'}, restarted),
		...(state.hadNewLeaves || running(restarted).length > 0
			? [step({
				id: 'rollback-ca.verify',
				title: 'See that every pod accepts the old client certificate and no leaf of the new CA',
				lines: [],
				done: each(telling, component => ({is: 'rejects-new', component, strict: false})),
				limit: 'while it progresses',
			})]
			: []),
	];
};

/** From two CAs, or from the new one alone, back to the backup's. */
const fromOtherCa = (way: Way): Step[] => {
	const {cluster, state} = way;
	const {hadNewLeaves, oldTrusted} = state;
	const isUntouched = state.secretsOld && state.restart.length === 0 && !state.hasOtherDiscovery && !(hadNewLeaves && state.isOpen);
	if (isUntouched) {
		return [];
	}

	const isDistrusted = hadNewLeaves && !oldTrusted;
	const hasLeaves = hadNewLeaves && !(oldTrusted && state.oldLeavesHere && state.oldLeavesUsed);
	// Where the combined CA is about to be loaded anew, or may have been by a pod of its own accord, every pod starts anew.
	const isWhole = hasLeaves || (hadNewLeaves && !state.secretsOld);
	return [
		...(state.isOpen ? [] : [combine(way)]),
		...(isDistrusted ? trustAgain(way) : (hasLeaves ? discoveryAgain(way) : [])),
		...(hasLeaves ? leavesBack(way, [bothCas]) : []),
		...caBack(way, isWhole ? cluster : limitedTo(cluster, state.restart)),
	];
};

/** The same CAs, other leaves. A retire that was begun may have taken the CA of the leaves that come back out of some Secrets. */
const fromOtherLeaves = (way: Way): Step[] => {
	const {cluster, state} = way;
	if (state.secretsOld && state.oldLeavesHere && state.restart.length === 0) {
		return state.hasOtherDiscovery ? discoveryAgain(way) : [];
	}

	const needs = cluster.components.map(component => ({is: 'verifies', component, by: 'ca.pem'} as const));
	return [...(state.oldTrusted ? discoveryAgain(way) : trustAgain(way)), ...leavesBack(way, needs)];
};

/** The same CA with its certificate from before: each of the two verifies whatever leaf is there, so one write brings all back. */
const fromRenewedCa = (way: Way): Step[] => {
	const {cluster, backup, state} = way;
	const {secretsOld, hadNewLeaves, oldLeavesHere} = state;
	if (secretsOld && state.restart.length === 0 && !state.hasOtherDiscovery) {
		return [];
	}

	// A pod that started by itself meanwhile has loaded what verifies the same.
	const restarted = hadNewLeaves ? cluster : limitedTo(cluster, state.restart);
	const loaded = each(limitedTo(cluster, judged(way, restarted)), component => ({is: 'loads', component}));
	return [
		...(oldLeavesHere ? [] : [takeLeaves(way)]),
		step({
			id: 'rollback.ca',
			title: `Take the CA certificate of backups/${backup.name} into the folder`,
			lines: [takeBack(backup.name, ['ca.pem'])],
			done: [{is: 'restored', backup: backup.name, files: ['ca.pem']}],
		}),
		writeSecrets(way, {
			id: 'rollback-renew.apply', title: 'Write the CA certificate and the leaves of the backup to the Secrets', bundle: 'ca.pem', needs: [],
		}),
		...renewPods(way, {name: 'rollback-renew', bundle: 'ca.pem'}, restarted),
		...(loaded.length > 0
			? [step({
				id: 'rollback-renew.verify',
				title: 'See that every pod was started with the CA certificate of the backup, and accepts the client certificate',
				lines: [],
				done: loaded,
				limit: 'while it progresses',
			})]
			: []),
	];
};

const stepsBack = (way: Way): Step[] => {
	const {cluster, observation, backup, state: {sameCa, isOpen}} = way;
	// What cert-manager has renewed with one key, it issues by: its own way back sees to that.
	if (!cluster.issuance && isSameKeyCa(observation, backup)) {
		return fromRenewedCa(way);
	}

	return sameCa && !isOpen ? fromOtherLeaves(way) : fromOtherCa(way);
};

const target = (cluster: Cluster): Target => ({
	route: 'new-ca', retire: false, leaves: cluster.components, strict: false,
});

/**
The way back to a backup, from wherever the cluster stands (design.md 4). Pure: made anew from what is observed, it is also how an
interrupted way back goes on. A plan without steps says that everything is as in the backup.
*/
export const rollbackPlan = (input: RollbackInput): Plan => {
	const {cluster, observation, backup, files} = input;
	const way: Way = {...input, state: rollbackState(observation, cluster, backup)};
	const steps = stepsBack(way);
	const {issuance} = cluster;
	const {before, after} = issuance
		? issuanceBack({
			cluster, issuance, observation, backup,
		}, steps)
		: {before: [], after: []};
	const all = [...before, ...steps, ...(steps.length === 0 && way.state.folderOld ? [] : [restoreFolder(way)]), ...after];
	return {
		cluster,
		target: target(cluster),
		steps: all.length === 0 ? [] : [backupStep(cluster, files), ...all],
		from: 0,
	};
};
