import {createHash} from 'node:crypto';

export type PodPlace = {
	/** The second number of the sandbox's loopback network: 127.N.0.0/16. */
	network: number;
	namespace: string;
	/** Name of the StatefulSet. */
	set: string;
	ordinal: number;
};

const addressesPerSet = 64;
const sets = 1023;

/**
The loopback address of a StatefulSet's pod, for example `127.100.37.65`. It is a function of the pod's place alone, so that it
can stand in a certificate before the pod exists. The first 64 addresses of the network are left to the control plane.

Two StatefulSets of a sandbox may meet on the same addresses (1 in 1023 for a pair); then the second process finds its port taken.

@throws RangeError for an ordinal above 63.
*/
export const podAddress = ({network, namespace, set, ordinal}: PodPlace): string => {
	if (!Number.isSafeInteger(ordinal) || ordinal < 0 || ordinal >= addressesPerSet) {
		throw new RangeError(`ordinal ${ordinal} of ${namespace}/${set}: the sandbox has addresses for 0 to ${addressesPerSet - 1}`);
	}

	const hash = createHash('sha256').update(`${namespace}/${set}`).digest().readUInt16BE(0);
	const slot = (((hash % sets) + 1) * addressesPerSet) + ordinal;
	return `127.${network}.${Math.floor(slot / 256)}.${slot % 256}`;
};

/** The address of etcd, kube-apiserver and kwok. */
export const controlPlaneAddress = (network: number): string => `127.${network}.0.1`;

/** StatefulSet and ordinal of a pod's name: `basic-pd-0` is `{set: 'basic-pd', ordinal: 0}`; undefined for other pods. */
export const ordinalOf = (pod: string): {set: string; ordinal: number} | undefined => {
	const match = /^(?<set>.+)-(?<ordinal>\d+)$/v.exec(pod);
	return match?.groups && {set: match.groups.set!, ordinal: Number(match.groups.ordinal)};
};
