import {existsSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {leaseName} from '../../../src/cluster/names.ts';
import type {LeaseObject} from '../../../src/plan/lease.ts';
import type {Place} from './place.ts';
import {until} from './until.ts';

const leases = {base: '/apis/coordination.k8s.io/v1', plural: 'leases'};

const reference = ({namespace, cluster}: Place) => ({namespace, name: leaseName(cluster)});

const now = (): string => new Date().toISOString().replace('Z', '000Z');

/** Who holds the cluster's Lease; '' when nobody does. */
export const leaseHolder = async (place: Place): Promise<string> => {
	const lease = await place.kube.get<LeaseObject>(leases, reference(place));
	return lease?.spec?.holderIdentity ?? '';
};

/** Waits until somebody holds it, and tells who. */
export const leaseTaken = async (place: Place): Promise<string> => until('the Lease taken', async () => {
	const holder = await leaseHolder(place);
	return holder !== '' && holder;
}, 120_000);

/** Takes it for somebody on another machine, whose last sign of life is now. */
export const holdElsewhere = async (place: Place, holder: string, seconds: number): Promise<void> => {
	await place.kube.remove(leases, reference(place));
	const lease: LeaseObject = {
		apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: reference(place), spec: {
			holderIdentity: holder, leaseDurationSeconds: seconds, acquireTime: now(), renewTime: now(),
		},
	};
	await place.kube.create(leases, lease);
};

/**
Renews it again and again, whoever holds it.

@returns a function that ends that.
*/
export const renewElsewhere = (place: Place): () => Promise<void> => {
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

/** Deletes it. */
export const dropLease = async (place: Place): Promise<void> => place.kube.remove(leases, reference(place));

/** Whether Lease and folder are free. */
export const isFree = async (place: Place): Promise<boolean> => await leaseHolder(place) === '' && !existsSync(path.join(place.folder, '.lock'));
