import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {components, servername} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {verifies} from '../certificates/verify.ts';
import type {Access} from '../observe/cluster.ts';
import {observeConsumers} from '../observe/consumers.ts';
import {inside} from '../observe/inside.ts';
import {shakeAll, type Target} from '../observe/shake-all.ts';
import {type KeyPair, makeThrowaway} from '../observe/throwaway.ts';
import type {Observation, Presented} from '../observe/types.ts';
import {type GateCondition, isGate} from '../plan/judge.ts';
import type {Condition} from '../plan/types.ts';
import type {Journal} from './journal.ts';

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
};

const pairIn = async (folder: string): Promise<KeyPair> => ({
	cert: await readFile(path.join(folder, 'client.pem'), 'utf8'),
	key: await readFile(path.join(folder, 'client-key.pem'), 'utf8'),
});

/** The client leaf from before the reissue: from a backup if it is still valid, else made with the old CA's key, else none. */
const oldClient = async ({access, folder}: GateOptions, observation: Observation): Promise<KeyPair | undefined> => {
	const old = observation.folder.certificates['ca.old.pem']?.certificates ?? [];
	const backup = observation.folder.backups.find(({certificates}) => {
		const [leaf] = certificates['client.pem']?.certificates ?? [];
		return leaf && verifies(leaf, old, observation.now).ok;
	});
	if (backup) {
		return pairIn(path.join(folder, 'backups', backup.name));
	}

	return 'ca-key.old.pem' in observation.folder.keys
		? makeThrowaway({folder, ca: {cert: 'ca.old.pem', key: 'ca-key.old.pem'}, env: access.env})
		: undefined;
};

/** The certificates to present. Canary and control are valid credentials: they exist in memory, for this gate only. */
const presentations = async (options: GateOptions, observation: Observation, kinds: Set<Presented>): Promise<Array<[Presented, KeyPair]>> => {
	const {folder, access} = options;
	const makers: Record<Presented, () => Promise<KeyPair | undefined>> = {
		present: async () => pairIn(folder),
		canary: async () => 'ca-key.new.pem' in observation.folder.keys
			? makeThrowaway({folder, ca: {cert: 'ca.new.pem', key: 'ca-key.new.pem'}, env: access.env})
			: undefined,
		control: async () => makeThrowaway({folder, env: access.env}),
		old: async () => oldClient(options, observation),
	};
	const pairs = await Promise.all([...kinds].map(async kind => [kind, await makers[kind]()] as const));
	return pairs.flatMap(([kind, pair]) => pair ? [[kind, pair] as [Presented, KeyPair]] : []);
};

const targets = (cluster: Cluster, observation: Observation, asked: ComponentName[]): Target[] => asked.flatMap(component => {
	const service = observation.sets.find(set => set.component === component)?.serviceName ?? '';
	return observation.pods.filter(pod => pod.component === component && !pod.deleting).map(pod => ({
		component,
		pod: pod.name,
		namespace: cluster.namespace,
		servername: servername(cluster, component, pod.name, service),
		ports: components[component].ports.filter(({protocol}) => protocol !== 'mysql'),
	}));
});

/**
Asks the pods what gate conditions want to know: a handshake with each certificate at each TLS port of each pod through
`kubectl port-forward`, and a look into the containers for the evidence by restart (design.md 5). Each try is in the journal, so
that the certificate errors that the tries cause in the components' logs can be matched.
*/
export const gateProbe = (options: GateOptions) => async (conditions: Condition[], seen: Observation): Promise<Observation> => {
	const {access, cluster, journal} = options;
	const isForOthers = conditions.some(({is}) => is === 'consumers');
	const observation = isForOthers ? {...seen, consumers: await observeConsumers(access, cluster, seen)} : seen;
	const gates = conditions.filter(condition => isGate(condition));
	if (gates.length === 0) {
		return observation;
	}

	const asked = [...new Set(gates.map(gate => gate.component))];
	const kinds = new Set(gates.flatMap(gate => wanted[gate.is]));
	const pairs = await presentations(options, observation, kinds);
	const {handshakes, forwardsLost} = await shakeAll({targets: targets(cluster, observation, asked), pairs, env: access.env});
	const looks = kinds.has('control')
		? await Promise.all(observation.pods.filter(pod => asked.includes(pod.component as ComponentName) && !pod.deleting).map(async pod => {
			const {container, mount} = components[pod.component as ComponentName];
			return inside({
				namespace: cluster.namespace, pod: pod.name, container, mount, env: access.env,
			});
		}))
		: [];
	await journal('handshakes', {
		tries: handshakes.map(({pod, port, present, verdict, attempts}) => ({
			pod, port, present, verdict, attempts,
		})),
		forwardsLost,
	});
	return {...observation, handshakes, inside: looks};
};
