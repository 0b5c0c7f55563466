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

/**
Evidence by restart (design.md 5), for ports at which a handshake cannot prove trust: the pod was made for the present
material, its container started after the pod did, the mounted bundle is the Secret's, and process 1 is not older than the pod.
Times are compared only where one clock made both.
*/
export const restartEvidence = (observation: Observation, component: ComponentName, pod: PodFacts): Evidence => {
	const secret = observation.secrets[secretName(observation.cluster.name, component)];
	const inside = observation.inside.find(facts => facts.pod === pod.name);
	const container = pod.containers.find(candidate => candidate.name === components[component].container);
	const against: string[] = [];
	const words = ['made for the present bundle'];
	if (!materialsOf(observation, component).includes(pod.material)) {
		against.push('the pod was not made for the present bundle');
	}

	if (!container || seconds(container.startedAt) < seconds(pod.started)) {
		against.push(`its container started ${container?.startedAt ?? 'at an unknown time'}, before the pod (${pod.started})`);
	} else {
		words.push(`container started ${container.startedAt}`);
	}

	if (inside?.bundleDigest !== undefined) {
		if (inside.bundleDigest === secret?.bundle.digest) {
			words.push('mounted ca.crt is the Secret\'s');
		} else {
			against.push('the ca.crt mounted in it is not the Secret\'s');
		}
	}

	if (inside?.processStarted !== undefined) {
		if (inside.processStarted + processSlackSeconds < seconds(pod.started)) {
			against.push(`its process 1 runs since ${new Date(inside.processStarted * 1000).toISOString()}, before the pod (${pod.started}): it was not restarted`);
		} else {
			words.push('process 1 started with the pod');
		}
	}

	if (inside?.problem !== undefined) {
		words.push(`its container could not be looked into (${inside.problem})`);
	}

	return {against, words: words.join(', ')};
};
