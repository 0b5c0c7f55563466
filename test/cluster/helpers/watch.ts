import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';
import {until} from './until.ts';

type WithStatus = KubeObject & {spec: Record<string, unknown>; status?: {conditions?: Array<{type: string; status: string; reason?: string}>; tidb?: {phase?: string}}};

/** The TidbCluster `basic` of a sandbox. */
export const basic = ({namespace, cluster}: Place) => ({namespace, name: cluster});

/** Reads the TidbCluster `basic`. */
export const readCluster = async (place: Place): Promise<WithStatus> => (await place.kube.get<WithStatus>(resources.tidbClusters, basic(place)))!;

const condition = ({status}: WithStatus): string => {
	const ready = status?.conditions?.find(({type}) => type === 'Ready');
	return `${ready?.status ?? ''} ${ready?.reason ?? ''}`;
};

/** Waits until the operator says that the TidbCluster is Ready. */
export const ready = async (place: Place, limit = 120_000): Promise<void> => {
	await until('TidbCluster Ready', async () => condition(await readCluster(place)) === 'True Ready', limit);
};

/** Waits until the operator says that it is not Ready: for a person, that it is stuck. */
export const notReady = async (place: Place, limit = 60_000): Promise<string> => until('TidbCluster not Ready', async () => {
	const now = condition(await readCluster(place));
	return now.startsWith('True') ? undefined : now;
}, limit);
