import {clusterStatus, type StatusInput} from '../../src/status/cluster-status.ts';
import type {ClusterStatus, Status} from '../../src/status/schema.ts';
import {cluster, makeMaterial, observationOf} from './observation.ts';

const day = 86_400_000;
let made: ReturnType<typeof makeMaterial> | undefined;

/** The status of a healthy cluster, with what a test changes of what it is made from. */
export const healthyStatus = (change: (input: StatusInput) => void = () => undefined): ClusterStatus => {
	made ??= makeMaterial();
	const {secrets, folder, now} = observationOf(made);
	const input: StatusInput = {
		cluster,
		secrets,
		folder,
		now,
		limits: {warn: 30 * day, critical: 7 * day},
		position: {name: 'at rest', why: ['folder, Secrets and pods agree', 'and the folder holds one CA']},
		replicas: 8,
		pods: [],
		more: [],
	};
	change(input);
	return clusterStatus(input);
};

/** What `status` prints of some clusters. */
export const statusOf = (...clusters: ClusterStatus[]): Status => ({
	format: 1, time: '2026-01-02T03:04:05.000Z', warnSeconds: 2_592_000, criticalSeconds: 604_800, level: 'ok', clusters,
});
