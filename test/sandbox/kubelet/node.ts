import path from 'node:path';
import {ordinalOf, podAddress} from '../address.ts';
import type {Kube} from '../kube.ts';
import {type Sandbox, statePaths} from '../state.ts';
import {podFolder} from './record.ts';
import type {Secret, StatefulSet} from './types.ts';

/** What the kubelet's parts share. */
export type Node = {
	kube: Kube;
	/** Absolute path of the sandbox's state folder. */
	state: string;
	sandbox: Sandbox;
	/** The stand-in's program. */
	standin: string;
	/** From the kubelet's own copy, kept by a watch. */
	secret: (namespace: string, name: string) => Secret | undefined;
	statefulSets: () => StatefulSet[];
	/** TCP addresses that are listened on. */
	listening: () => Set<string>;
	log: (text: string) => void;
};

/** What all pods of one name have in common, one after the other. */
export type Place = {
	namespace: string;
	name: string;
	/** `namespace/name`. */
	key: string;
	/** Name of the StatefulSet. */
	owner: string;
	address: string;
	folder: string;
	/** The processes' output. */
	log: string;
};

/** The place of the pods of this name, which must be a StatefulSet's. */
export const placeOf = ({state, sandbox}: Node, namespace: string, name: string): Place => {
	const {set, ordinal} = ordinalOf(name)!;
	return {
		namespace,
		name,
		key: `${namespace}/${name}`,
		owner: set,
		address: podAddress({
			network: sandbox.network, namespace, set, ordinal,
		}),
		folder: podFolder(state, namespace, name),
		log: path.join(statePaths(state).logs, `${namespace}.${name}.log`),
	};
};

/** The StatefulSet that the place belongs to; undefined while the kubelet has not seen it. */
export const ownerOf = (node: Node, place: Place): StatefulSet | undefined =>
	node.statefulSets().find(({metadata}) => metadata.namespace === place.namespace && metadata.name === place.owner);
