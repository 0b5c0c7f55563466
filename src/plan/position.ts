import {isSameCa} from '../certificates/successor.ts';
import {components, secretName} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {allHold, isAsked} from './judge.ts';
import {podsOf} from './judge-roll.ts';
import {everySecret} from './steps.ts';
import type {Condition, Step} from './types.ts';

/** Steps whose effect can be seen without asking a pod, and stays: only these place the cluster. */
export const lasting = (step: Step): boolean => step.done.length > 0 && step.phase !== 'prepare'
	&& step.done.every(condition => !isAsked(condition));

/** The place after the last step whose `done` holds, scanned from the end (design.md 3): an index into `steps`. */
export const placeIn = (steps: Step[], observation: Observation): number =>
	steps.findLastIndex(step => lasting(step) && allHold([...step.done, ...step.skip], observation).holds) + 1;

/** The folder is between the documents' first and last item. */
export const hasOpenCa = (observation: Observation): boolean =>
	['ca.new.pem', 'ca.old.pem'].some(file => Object.hasOwn(observation.folder.certificates, file));

/**
Components whose pods were not restarted since their Secret was last written: the end of a reissue of ours is missing. Both
times are the API server's.
*/
export const unrestarted = (observation: Observation): ComponentName[] => Object.values(components).flatMap(({name}) => {
	const secret = observation.secrets[secretName(observation.cluster.name, name)];
	return secret?.exists && secret.changed !== '' && podsOf(observation, name).some(pod => pod.material !== secret.material && pod.created < secret.changed) ? [name] : [];
});

/** Those with a Secret of their own. */
const hosts = Object.values(components).filter(({host}) => host === undefined);

/** Components whose Secret holds another leaf than the folder, one that a backup knows: it was in the folder once. */
export const strayLeaves = (observation: Observation): ComponentName[] => hosts.flatMap(({name, file}) => {
	const secret = observation.secrets[secretName(observation.cluster.name, name)];
	const leaf = observation.folder.certificates[`${file}.pem`];
	const isKnown = observation.folder.backups.some(backup => backup.certificates[`${file}.pem`]?.digest === secret?.leaf.digest);
	return isKnown && leaf && secret && leaf.certificates[0]?.fingerprint !== secret.leaf.certificates[0]?.fingerprint ? [name] : [];
});

/** Components whose Secret holds another leaf than the folder. */
export const behindSecrets = (observation: Observation): ComponentName[] => hosts.flatMap(({name, file}) => {
	const secret = observation.secrets[secretName(observation.cluster.name, name)];
	return secret?.exists && secret.leaf.digest !== observation.folder.certificates[`${file}.pem`]?.digest ? [name] : [];
});

/**
Leaves in the folder that are newer than those in the Secrets and of which a backup knows the predecessor: a reissue of ours
that did not reach the Secrets yet. (A stale folder's leaves are not newer.)
*/
export const unwrittenLeaves = (observation: Observation): ComponentName[] => strayLeaves(observation).filter(component => {
	const [mine] = observation.folder.certificates[`${components[component].file}.pem`]?.certificates ?? [];
	const [theirs] = observation.secrets[secretName(observation.cluster.name, component)]?.leaf.certificates ?? [];
	return mine !== undefined && theirs !== undefined && mine.notBefore >= theirs.notBefore;
});

/**
Components whose leaf cert-manager has renewed while a rotation stood in its last steps: the old CA is retired everywhere, some Certificates are
there again, and the folder has the leaf from before.
*/
export const renewedMeanwhile = (cluster: Cluster, observation: Observation): ComponentName[] => {
	const isRetired = cluster.issuance !== undefined && hasOpenCa(observation) && allHold([
		...everySecret(cluster, 'ca.new.pem', false),
		...cluster.components.map((component): Condition => ({is: 'verifies', component, by: 'ca.new.pem'})),
	], observation).holds;
	return isRetired ? behindSecrets(observation) : [];
};

/**
Cert-manager has the CA again and has renewed it since: its Certificate is back, no Secret has the old CA any more, and some have another than the
rotation made. What is left of a rotation then goes by what cert-manager has; the folder's CA is out of date.
*/
export const isReturned = ({cluster, observation}: {cluster: Cluster; observation: Observation}): boolean => {
	const {issuance} = cluster;
	const [old = [], made = []] = ['ca.old.pem', 'ca.new.pem'].map(file => observation.folder.certificates[file]?.certificates);
	if (!issuance || !hasOpenCa(observation) || old.length === 0) {
		return false;
	}

	const bundles = cluster.components.map(component => observation.secrets[secretName(cluster.name, component)]?.bundle.certificates ?? []);
	const signer = observation.beside?.[issuance.ca.secret]?.leaf.certificates ?? [];
	const cas = [...bundles, signer];
	return observation.issuance?.certificates.some(({name}) => name === issuance.ca.certificate) === true
		&& cas.every(bundle => bundle.length > 0 && bundle.every(ca => old.every(one => !isSameCa(one, ca))))
		&& cas.flat().some(({fingerprint}) => fingerprint !== made[0]?.fingerprint);
};

/** What was observed, but that the folder has the leaves of these components' Secrets. */
export const withLeaves = (observation: Observation, leaves: ComponentName[]): Observation => {
	const {folder, secrets, cluster} = observation;
	const taken = leaves.map(component => ({file: components[component].file, secret: secrets[secretName(cluster.name, component)]!}));
	return {
		...observation,
		folder: {
			...folder,
			certificates: {...folder.certificates, ...Object.fromEntries(taken.map(({file, secret}) => [`${file}.pem`, secret.leaf]))},
			keys: {...folder.keys, ...Object.fromEntries(taken.map(({file, secret}) => [`${file}-key.pem`, secret.key]))},
		},
	};
};
