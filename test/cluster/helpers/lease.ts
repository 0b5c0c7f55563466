import {setTimeout as sleep} from 'node:timers/promises';
import type {Place} from './place.ts';

const leases = {base: '/apis/coordination.k8s.io/v1', plural: 'leases'};

const reference = ({namespace, cluster}: Place) => ({namespace, name: `${cluster}-cert-rotate`});

/** A time as the API server has it in Leases: microseconds. */
const now = (): string => new Date().toISOString().replace('Z', '000Z');

/** Makes the cluster's Lease, held by somebody whose last sign of life is now. */
export const holdLease = async (place: Place): Promise<void> => {
	await place.kube.create(leases, {metadata: reference(place), spec: {holderIdentity: 'somebody else', renewTime: now(), leaseDurationSeconds: 3}} as {metadata: {name: string}});
};

/**
Renews it again and again.

@returns a function that ends that.
*/
export const renewLease = (place: Place): () => Promise<void> => {
	const over = new AbortController();
	const renewing = (async () => {
		while (!over.signal.aborted) {
			await place.kube.patch(leases, reference(place), {spec: {renewTime: now()}});
			await sleep(500);
		}
	})();
	return async () => {
		over.abort();
		await renewing;
	};
};

/** Takes it away. */
export const dropLease = async (place: Place): Promise<void> => place.kube.remove(leases, reference(place));
