import {
	components,
	partOf,
	secretName,
	specWords,
} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import {materialHash} from '../certificates/verify.ts';
import type {Observation, PodFacts, StatefulSetFacts} from '../observe/types.ts';
import {materialOf} from './annotations.ts';
import {no, unless} from './judgement.ts';
import type {Condition, Judgement} from './types.ts';

type RollCondition = Extract<Condition, {is: 'stamped' | 'rolled' | 'reloaded' | 'recreated'}>;

/** The material of a bundle and the component's leaf in the folder; '' when one is missing. */
const folderMaterial = (observation: Observation, component: ComponentName, bundle: string): string => {
	const ca = observation.folder.certificates[bundle];
	const leaf = observation.folder.certificates[`${components[component].file}.pem`];
	return ca && leaf ? materialHash(ca.text, leaf.text) : '';
};

const byName = new Intl.Collator('en', {numeric: true});

/** The pods of one component, by name. */
export const podsOf = (observation: Observation, component: ComponentName): PodFacts[] =>
	observation.pods.filter(pod => pod.component === component).toSorted((one, other) => byName.compare(one.name, other.name));

/** Why a StatefulSet's roll is not over, by tidb-facts 3.3: `kubectl rollout status` says so too early. */
const setProblems = (set: StatefulSetFacts, material: string): string[] => {
	const checks: Array<[boolean, string]> = [
		[set.generation === set.observedGeneration, 'its latest generation is not observed yet'],
		[set.material === material, 'its template does not ask for the present material yet'],
		[set.currentRevision === set.updateRevision, `its revision ${set.updateRevision} is not current yet`],
		[set.updatedReplicas === set.replicas, `${set.updatedReplicas} of ${set.replicas} pods are updated`],
		[set.readyReplicas === set.replicas, `${set.readyReplicas} of ${set.replicas} pods are ready`],
	];
	return checks.filter(([holds]) => !holds).map(([, problem]) => `${set.name}: ${problem}`);
};

const podProblems = (pod: PodFacts, set: StatefulSetFacts, material: string): string[] => {
	const checks: Array<[boolean, string]> = [
		[!pod.deleting, 'is being deleted'],
		[pod.revision === set.updateRevision, 'has the old revision'],
		[pod.material === material, 'was made for other certificates'],
		[pod.ready, 'is not Ready'],
	];
	return checks.filter(([holds]) => !holds).map(([, problem]) => `${pod.name} ${problem}`);
};

/**
Pods that carry the hash of what their Secret holds, and were made before it did: they started with something else. Where the
Secret holds something newer, nothing is known of that, and nothing rests on it.
*/
const tooOld = (observation: Observation, component: ComponentName, material: string): PodFacts[] => {
	const secret = observation.secrets[secretName(observation.cluster.name, component)];
	const changed = secret?.material === material ? secret.changed : '';
	return podsOf(observation, component).filter(pod => pod.material === material && pod.made === undefined && pod.created < changed);
};

/** Pods that were made for this material and have read another again since: nobody would restart them for it. */
const readOther = (observation: Observation, component: ComponentName, material: string): PodFacts[] =>
	podsOf(observation, component).filter(pod => pod.made === material && pod.material !== material);

/** Pods that have not read the bundle and the folder's leaf again since their Secret has them. */
export const notReloaded = (observation: Observation, {component, bundle}: {component: ComponentName; bundle: string}): PodFacts[] => {
	const material = folderMaterial(observation, component, bundle);
	const early = tooOld(observation, component, material);
	return podsOf(observation, component).filter(pod => material === '' || pod.material !== material || early.includes(pod));
};

const reloadProblems = (observation: Observation, condition: {component: ComponentName; bundle: string}): string[] => [
	...podsOf(observation, condition.component).flatMap(({name, ready, deleting}) => [...(deleting ? [`${name} is being deleted`] : []), ...(ready ? [] : [`${name} is not Ready`])]),
	...notReloaded(observation, condition).map(({name}) => `${name} has not read ${condition.bundle} and the present leaf again`),
];

const operatorProblems = (observation: Observation, component: ComponentName): string[] => {
	const status = partOf(observation.cluster.status, component);
	const ready = observation.cluster.status.conditions?.find(condition => condition.type === 'Ready');
	const checks: Array<[boolean, string]> = [
		[status?.phase === 'Normal', `phase ${status?.phase ?? 'unknown'}`],
		[!components[component].hasSynced || status?.synced === true, 'not synced'],
		[ready?.status === 'True', `${observation.cluster.kind} not Ready (${ready?.reason ?? 'no condition'})`],
	];
	return checks.filter(([holds]) => !holds).map(([, problem]) => `${component}: ${problem}`);
};

/** Whether the component's pods are still on the way to what their Secret holds: asked for, and not over. */
export const isRolling = (observation: Observation, component: ComponentName): boolean => {
	const set = observation.sets.find(candidate => candidate.component === component);
	const material = observation.secrets[secretName(observation.cluster.name, component)]?.material;
	if (!set || material === undefined || set.material !== material) {
		return false;
	}

	const pods = podsOf(observation, component);
	return pods.length !== set.replicas || setProblems(set, material).length > 0 || pods.some(pod => podProblems(pod, set, material).length > 0);
};

/** The conditions about restarts: asked for, over, or pods made anew. */
export const judgeRoll = (condition: RollCondition, observation: Observation): Judgement => {
	const {component} = condition;
	if (condition.is === 'stamped') {
		const asked = partOf(observation.cluster.spec, component)?.annotations?.[materialOf(component)];
		const wanted = folderMaterial(observation, component, condition.bundle);
		return unless([
			...(wanted !== '' && asked === wanted ? [] : [`${specWords(component)}.annotations does not ask for ${condition.bundle} and the present leaf`]),
			...(condition.fresh ? tooOld(observation, component, wanted) : []).map(({name}) => `${name} was made for the present material before its Secret had it`),
			...(condition.fresh ? readOther(observation, component, wanted) : []).map(({name}) => `${name} was made for the present material, and has read another again since`),
		]);
	}

	const set = observation.sets.find(candidate => candidate.component === component);
	if (!set) {
		return no(`the StatefulSet of ${component} does not exist`);
	}

	const pods = podsOf(observation, component);
	const missing = pods.length === set.replicas ? [] : [`${pods.length} of ${set.replicas} ${component} pods exist`];
	if (condition.is === 'reloaded') {
		return unless([...missing, ...reloadProblems(observation, condition)]);
	}

	if (condition.is === 'recreated') {
		const {changed} = observation.secrets[secretName(observation.cluster.name, component)] ?? {changed: ''};
		return unless([
			...missing,
			...pods.filter(pod => !pod.ready || pod.deleting).map(pod => `${pod.name} is not Ready`),
			...pods.filter(pod => pod.created < changed).map(pod => `${pod.name} is older than its Secret`),
		]);
	}

	const material = folderMaterial(observation, component, condition.bundle);
	if (material === '') {
		return no(`${condition.bundle} or the leaf of ${component} is not in the folder`);
	}

	return unless([
		...setProblems(set, material),
		...missing,
		...pods.flatMap(pod => podProblems(pod, set, material)),
		...tooOld(observation, component, material).map(({name}) => `${name} is older than its Secret's present content`),
		...operatorProblems(observation, component),
	]);
};
