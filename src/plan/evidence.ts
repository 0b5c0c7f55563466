import {components, secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {Observation, PodFacts} from '../observe/types.ts';
import {materialHash} from '../certificates/verify.ts';

/** Btime of /proc/stat is in whole seconds and moves a little when the node's clock is adjusted. */
const processSlackSeconds = 5;

/** What speaks for or against a pod's process having started with the present bundle. */
export type Evidence = {against: string[]; words: string};

const seconds = (time: string): number => Date.parse(time) / 1000;

/**
The materials that say "made for the present bundle": with the leaf in the Secret, or with one it had before (a reissue that
was interrupted has changed some leaves already, and the pods are still those of the trust phase).
*/
const materialsOf = (observation: Observation, component: ComponentName): string[] => {
	const secret = observation.secrets[secretName(observation.cluster.name, component)];
	const file = `${components[component].file}.pem`;
	const leaves = [secret?.leaf, observation.folder.certificates[file], ...observation.folder.backups.map(backup => backup.certificates[file])];
	return leaves.flatMap(leaf => secret && leaf ? [materialHash(secret.bundle.text, leaf.text)] : []);
};

/** Whether a pod was made for the bundle that its Secret holds now, by the hash that it carries. */
export const isMadeForBundle = (observation: Observation, component: ComponentName, pod: PodFacts): boolean => materialsOf(observation, component).includes(pod.material);

/** One thing that speaks for or against; neither where it could not be seen. */
type Sign = {against?: string; for?: string};

const containerSign = (component: ComponentName, pod: PodFacts): Sign => {
	const container = pod.containers.find(candidate => candidate.name === components[component].container);
	return !container || seconds(container.startedAt) < seconds(pod.started)
		? {against: `its container started ${container?.startedAt ?? 'at an unknown time'}, before the pod (${pod.started})`}
		: {for: `container started ${container.startedAt}`};
};

const mountSign = (observation: Observation, component: ComponentName, pod: PodFacts): Sign => {
	const mounted = observation.inside.find(facts => facts.pod === pod.name)?.bundleDigest;
	if (mounted === undefined) {
		return {};
	}

	return mounted === observation.secrets[secretName(observation.cluster.name, component)]?.bundle.digest
		? {for: 'mounted ca.crt is the Secret\'s'}
		: {against: 'the ca.crt mounted in it is not the Secret\'s'};
};

const processSign = (observation: Observation, pod: PodFacts): Sign => {
	const since = observation.inside.find(facts => facts.pod === pod.name)?.processStarted;
	if (since === undefined) {
		return {};
	}

	return since + processSlackSeconds < seconds(pod.started)
		? {against: `its process 1 runs since ${new Date(since * 1000).toISOString()}, before the pod (${pod.started}): it was not restarted`}
		: {for: 'process 1 started with the pod'};
};

const evidenceOf = (signs: Sign[]): Evidence => ({
	against: signs.flatMap(sign => sign.against ?? []),
	words: signs.flatMap(sign => sign.for ?? []).join(', '),
});

/** Whether what runs in the pod started with the pod: its container, and process 1 where the container lets itself be looked into. */
export const startEvidence = (observation: Observation, component: ComponentName, pod: PodFacts): Evidence =>
	evidenceOf([containerSign(component, pod), processSign(observation, pod)]);

/**
Evidence by restart (design.md 5), for ports at which a handshake cannot prove trust: the pod was made for the present
material, its container started after the pod did, the mounted bundle is the Secret's, and process 1 is not older than the pod.
Times are compared only where one clock made both.
*/
export const restartEvidence = (observation: Observation, component: ComponentName, pod: PodFacts): Evidence => {
	const problem = observation.inside.find(facts => facts.pod === pod.name)?.problem;
	const isMade = isMadeForBundle(observation, component, pod);
	return evidenceOf([
		{for: pod.made === undefined ? 'made for the present bundle' : 'has read the present bundle again', ...(!isMade && {against: 'the pod was not made for the present bundle'})},
		containerSign(component, pod),
		mountSign(observation, component, pod),
		processSign(observation, pod),
		...(problem === undefined ? [] : [{for: `its container could not be looked into (${problem})`}]),
	]);
};
