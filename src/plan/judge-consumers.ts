import {isSameCa} from '../certificates/successor.ts';
import {verifies} from '../certificates/verify.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {components, secretName} from '../cluster/components.ts';
import {isOperatorCopy} from '../cluster/copies.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Consumer, Observation} from '../observe/types.ts';
import {no, unless} from './judgement.ts';
import type {Condition, Judgement} from './types.ts';

export type ConsumersCondition = Extract<Condition, {is: 'consumers'}>;

/** A consumer as it is printed, and as a person names it: `Secret/monitoring/tidb-ca`. */
export const consumerName = ({kind, namespace, name}: {kind: string; namespace: string; name: string}): string => `${kind}/${namespace}/${name}`;

/** Whether the operator keeps it by itself. */
export const isOperators = ({kind, name}: Consumer): boolean => kind === 'Secret' && isOperatorCopy(name);

/** Whether it holds one of these CAs, be it in a certificate of it that was made anew since: either verifies the same. */
export const holdsSome = ({cas}: Consumer, wanted: CertificateFacts[]): boolean =>
	cas.some(ca => wanted.some(other => isSameCa(ca, other)));

/** Leaves in it that are valid now, by one of the old CAs and by none of the new ones. */
export const oldLeaves = ({leaves}: Consumer, old: CertificateFacts[], present: CertificateFacts[], now: number): CertificateFacts[] =>
	leaves.filter(leaf => verifies(leaf, old, now).ok && !verifies(leaf, present, now).ok);

/** Whether everybody beside the cluster is ready for what comes: the new CA beside the old one, or nothing of the old one. */
export const judgeConsumers = (condition: ConsumersCondition, {folder, consumers, now}: Observation): Judgement => {
	const [old, present] = [condition.old, condition.ca].map(file => folder.certificates[file]?.certificates ?? []) as [CertificateFacts[], CertificateFacts[]];
	if (!consumers || old.length === 0 || present.length === 0) {
		return no(consumers ? `${condition.old} or ${condition.ca} is not in the folder` : 'nobody looked who else holds the cluster\'s CA');
	}

	const asked = consumers.found.filter(consumer => !condition.handled.includes(consumerName(consumer)) && (condition.whose === 'anyone' || !isOperators(consumer)));
	return unless(asked.flatMap(consumer => {
		const who = `${consumerName(consumer)} (${consumer.keys.join(', ')})`;
		const leaves = condition.leaves ? oldLeaves(consumer, old, present, now) : [];
		return [
			...(holdsSome(consumer, old) && !holdsSome(consumer, present) ? [`${who} trusts the old CA and not the new one`] : []),
			...leaves.map(({subject, serial}) => `${who} holds a leaf of the old CA: ${subject}, serial ${serial}`),
		];
	}));
};

/** Whether it is a Secret of another cluster that goes through the phases with this one: its own part of the run writes it. */
export const isCompanions = ({kind, namespace, name}: Consumer, {together = []}: Cluster): boolean => kind === 'Secret'
	&& together.some(one => one.namespace === namespace && Object.values(components).some(component => secretName(one.name, component.name) === name));
