import {components, secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import type {Observation} from '../observe/types.ts';
import {allHold} from './judge.ts';
import {lasting} from './position.ts';
import type {Plan, Target} from './types.ts';

const leafOf = (observation: Observation, component: ComponentName): CertificateFacts | undefined =>
	observation.secrets[secretName(observation.cluster.name, component)]?.leaf.certificates[0];

/** The present CA: the certificate of the live bundle that signed the live leaves. */
export const presentCa = (observation: Pick<Observation, 'secrets'>): CertificateFacts | undefined => {
	const secrets = Object.values(observation.secrets);
	const bundle = secrets.flatMap(secret => secret.bundle.certificates);
	const keyIds = new Set(secrets.map(secret => secret.leaf.certificates[0]?.authorityKeyId));
	return bundle.find(ca => ca.subjectKeyId !== undefined && keyIds.has(ca.subjectKeyId)) ?? bundle[0];
};

/** What a rotation to the target would replace. */
const replaced = (observation: Observation, target: Target): CertificateFacts[] => {
	const leaves = target.leaves.flatMap(component => leafOf(observation, component) ?? []);
	const ca = presentCa(observation);
	return ca && target.route !== 'keep-ca' ? [ca, ...leaves] : leaves;
};

/** The target is reached: what is left changes nothing, and what of it can be seen without asking a pod is there. */
export const reached = (plan: Plan, observation: Observation): boolean => plan.steps.slice(plan.from)
	.every(step => step.lines.length === 0 && (!lasting(step) || allHold([...step.done, ...step.skip], observation).holds));

/** The leaves that are not valid now, by component: the case that leaves alone can cure, while their CA is valid. */
export const expiredLeaves = (observation: Observation): ComponentName[] => Object.values(components).map(({name}) => name).filter(component => {
	const leaf = leafOf(observation, component);
	return leaf !== undefined && Date.parse(leaf.notAfter) <= observation.now;
});

/** Whether the CA that the leaves are signed by is no longer valid: then nothing but the outage route is left. */
export const caExpired = (observation: Observation): boolean => {
	const ca = presentCa(observation);
	return ca !== undefined && Date.parse(ca.notAfter) <= observation.now;
};

/**
Whether everything that a new rotation would replace is younger than `minAge` (milliseconds, by notBefore): a second run by
accident, from cron, or after a crash at the very last write.
What has expired is old, whenever it was made.
@returns when the oldest of them began to be valid, or undefined when one is old enough.
*/
export const allYoung = (observation: Observation, target: Target, minAge: number): string | undefined => {
	if (caExpired(observation) || expiredLeaves(observation).length > 0) {
		return undefined;
	}

	const oldest = replaced(observation, target).map(certificate => certificate.notBefore).toSorted()[0];
	return oldest !== undefined && observation.now - Date.parse(oldest) < minAge ? oldest : undefined;
};
