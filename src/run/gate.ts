import type {Cluster} from '../cluster/types.ts';
import type {Access} from '../observe/cluster.ts';
import {observeConsumers} from '../observe/consumers.ts';
import {shakeAll} from '../observe/shake-all.ts';
import type {Observation, Presented} from '../observe/types.ts';
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
	const looks = kinds.has('control') ? await looksInside(access, cluster, observation, {asked}) : [];
	await noteTries(journal, began, answers);
	return {...observation, handshakes: answers.handshakes, inside: looks};
};
