import {bundleHash} from '../certificates/verify.ts';
import {secretName} from '../cluster/components.ts';
import {discoveryName} from '../cluster/names.ts';
import type {DeploymentFacts, Observation, PodFacts} from '../observe/types.ts';
import {no, unless} from './judgement.ts';
import type {Condition, Judgement} from './types.ts';

/** Why the Deployment is not what its template says yet. */
const progressProblems = ({name, generation, observedGeneration, replicas, total, updated, available}: DeploymentFacts): string[] => {
	const checks: Array<[boolean, string]> = [
		[generation === observedGeneration, 'its latest generation is not observed yet'],
		[updated === replicas, `${updated} of ${replicas} pods are updated`],
		[total === replicas, `${total} pods exist, and ${replicas} are wanted`],
		[available === replicas, `${available} of ${replicas} pods are available`],
	];
	return checks.filter(([holds]) => !holds).map(([, problem]) => `${name}: ${problem}`);
};

/** Pods at work that started before PD's Secret held what it holds now. One that was evicted stays listed, and is nobody's any more. */
const tooOld = ({pods, secrets, cluster}: Observation): PodFacts[] => {
	const changed = secrets[secretName(cluster.name, 'pd')]?.changed ?? '';
	return pods.filter(({component, created, ready}) => component === 'discovery' && ready && created < changed);
};

/** Whether discovery was made for a bundle of the folder. */
export const judgeDeployed = ({bundle}: Extract<Condition, {is: 'deployed'}>, observation: Observation): Judgement => {
	const {discovery, folder, cluster} = observation;
	if (!discovery) {
		return no(`Deployment ${discoveryName(cluster.name)} does not exist`);
	}

	const file = folder.certificates[bundle];
	if (!file) {
		return no(`${bundle} is not in the folder`);
	}

	return unless([
		...(discovery.ca === bundleHash(file.text) ? [] : [`${discovery.name}: its template does not ask for ${bundle} yet`]),
		...progressProblems(discovery),
		...tooOld(observation).map(({name}) => `${name} is older than the present content of PD's Secret`),
	]);
};
