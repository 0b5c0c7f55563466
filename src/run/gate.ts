import {secretName} from '../cluster/names.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Access} from '../observe/cluster.ts';
import {observeConsumers} from '../observe/consumers.ts';
import {type Answers, shakeAll} from '../observe/shake-all.ts';
import type {Handshake, Observation, Presented} from '../observe/types.ts';
import {type GateCondition, isGate} from '../plan/judge.ts';
import type {Condition} from '../plan/types.ts';
import type {Journal} from './journal.ts';
import {folderMakers, presentations} from './presentations.ts';
import {looksInside, targets} from './targets.ts';
import {noteTries} from './tries.ts';

export type GateOptions = {
	access: Access;
	cluster: Cluster;
	/** The cluster folder's path. */
	folder: string;
	journal: Journal;
	say: (text: string) => void;
};

const wanted: Record<GateCondition['is'], Presented[]> = {
	trusts: ['present', 'canary', 'control'],
	serves: ['present'],
	'rejects-old': ['present', 'old', 'control'],
	'trusts-old': ['present', 'old', 'control'],
	'rejects-new': ['present', 'canary', 'control'],
	loads: ['present', 'control'],
};

/** Has each port that serves another leaf than its Secret's refuse a connection, where a condition says so: what it then serves is seen at the next look. */
const wake = async ({access, cluster, folder}: GateOptions, observation: Observation, {gates, handshakes}: {gates: GateCondition[]; handshakes: Handshake[]}): Promise<Answers | undefined> => {
	const components = gates.filter(gate => gate.is === 'serves' && gate.wakes).map(({component}) => component);
	const leaves = new Set(components.map(component => observation.secrets[secretName(cluster.name, component)]?.leaf.certificates[0]?.fingerprint));
	const behind = handshakes.filter(({served}) => served !== undefined && !leaves.has(served.fingerprint));
	if (behind.length === 0) {
		return undefined;
	}

	return shakeAll({
		targets: targets(cluster, observation, components)
			.map(target => ({...target, ports: target.ports.filter(({port}) => behind.some(one => one.pod === target.pod && one.port === port))}))
			.filter(({ports}) => ports.length > 0),
		pairs: await presentations(folderMakers({folder, env: access.env}, observation), ['control']),
		env: access.env,
	});
};

/**
Asks the pods what gate conditions want to know: a handshake with each certificate at each TLS port of each pod through
`kubectl port-forward`, and a look into the containers for the evidence by restart (design.md 5). Each try is in the journal, so
that the certificate errors that the tries cause in the components' logs can be matched.
*/
export const gateProbe = (options: GateOptions) => async (conditions: Condition[], seen: Observation): Promise<Observation> => {
	const {access, cluster, folder, journal} = options;
	const isForOthers = conditions.some(({is}) => is === 'consumers');
	const observation = isForOthers ? {...seen, consumers: await observeConsumers(access, cluster, seen)} : seen;
	const gates = conditions.filter(condition => isGate(condition));
	if (gates.length === 0) {
		return observation;
	}

	const asked = [...new Set(gates.map(gate => gate.component))];
	const kinds = new Set(gates.flatMap(gate => wanted[gate.is]));
	const pairs = await presentations(folderMakers({folder, env: access.env}, observation), kinds);
	const began = new Date().toISOString();
	const answers = await shakeAll({targets: targets(cluster, observation, asked), pairs, env: access.env});
	const waking = await wake(options, observation, {gates, handshakes: answers.handshakes});
	const looks = kinds.has('control') ? await looksInside(access, cluster, observation, {asked}) : [];
	await noteTries(journal, began, waking ? {handshakes: [...answers.handshakes, ...waking.handshakes], forwardsLost: answers.forwardsLost + waking.forwardsLost} : answers);
	return {...observation, handshakes: answers.handshakes, inside: looks};
};
