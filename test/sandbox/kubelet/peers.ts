import {podAddress} from '../address.ts';
import {components, type Protocol} from './components.ts';
import {componentOf, type StatefulSet} from './types.ts';

/** One pod of a StatefulSet by where it is and by its name in the cluster's DNS. */
export type Member = {name: string; address: string; dnsName: string};

export type Peer = {address: string; serverName: string; protocol: Protocol};

/** All pods that a StatefulSet shall have; `network` is the sandbox's network number. */
export const membersOf = (set: StatefulSet, network: number): Member[] => {
	const {name, namespace = ''} = set.metadata;
	return Array.from({length: set.spec.replicas ?? 1}, (_, ordinal) => ({
		name: `${name}-${ordinal}`,
		address: podAddress({
			network, namespace, set: name, ordinal,
		}),
		dnsName: `${name}-${ordinal}.${set.spec.serviceName}.${namespace}.svc`,
	}));
};

/**
Whom a pod's process connects to: the pods of its cluster that its component dials, but for itself.

@param pod - Its name.
@param set - The pod's own StatefulSet.
@param sets - All StatefulSets.
@param network - The sandbox's network number.
*/
export const peersOf = (pod: string, set: StatefulSet, sets: StatefulSet[], network: number): Peer[] => {
	const instance = set.metadata.labels?.['app.kubernetes.io/instance'];
	const dials = components[componentOf(set)]?.dials ?? [];
	return dials.flatMap(dial => sets
		.filter(one => one.metadata.namespace === set.metadata.namespace
			&& one.metadata.labels?.['app.kubernetes.io/instance'] === instance && componentOf(one) === dial.component)
		.flatMap(one => membersOf(one, network))
		.filter(member => member.name !== pod)
		.map(member => ({address: `${member.address}:${dial.port}`, serverName: member.dnsName, protocol: dial.protocol})));
};
