import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {hostOf} from '../../src/cluster/components.ts';
import {isAlive, readRecord} from '../sandbox/kubelet/record.ts';
import type {Place} from './directions.ts';

/** A pod's process as its peers know it. */
export type PodProcess = {
	/** Names one life of the process. */
	life: string;
	/** The mounted folder that this process reads: leaf and key as they are now. */
	folder: string;
	/** The bundle as the process read it at its own start. */
	bundle: string;
	/** The process runs now. */
	alive: boolean;
};

/** A restart as it was seen, of the pod that its place's name says: when the process before had gone, and when the next one was there. Milliseconds since the epoch. */
export type Restart = {pod: string; ended: number; began: number};

/** A process that is told to end closes its ports at once, but may live on for a while; one that begins opens them late. */
const around = {before: 30_000, after: 30_000};

/** Whether a pod's process was being restarted at that time. */
export const wasRestarting = (restarts: Restart[], pod: string, time: number): boolean =>
	restarts.some(restart => restart.pod === pod && time >= restart.ended - around.before && time <= restart.began + around.after);

/**
Follows the processes behind the pods: which one runs, since when, and which bundle it loaded. The bundle is the mounted one at the
moment when the kubelet's record first shows the process: no component reads its CA again for the connections that it makes.

@param state - The sandbox's state folder.
@param places - The pods.
*/
export const makeProcessTable = (state: string, places: Place[]) => {
	const table = new Map<string, PodProcess>();
	const restarts: Restart[] = [];

	const gone = (name: string, known: PodProcess): void => {
		if (!known.alive) {
			return;
		}

		table.set(name, {...known, alive: false});
		restarts.push({pod: name, ended: Date.now(), began: Infinity});
	};

	const look = async (place: Place): Promise<void> => {
		const {pod, name, namespace, component} = place;
		const record = await readRecord(state, namespace, pod);
		const known = table.get(name);
		const isRunning = await isAlive(record);
		const life = record ? `${record.pid}:${record.startTicks}` : '';
		if (known && (!isRunning || known.life !== life)) {
			gone(name, known);
		}

		if (!record || !isRunning || known?.life === life) {
			return;
		}

		const own = path.join(record.volumes, `${hostOf(component)}-tls`);
		// A TiProxy without a Secret of its own presents the cluster client's.
		const folder = existsSync(own) ? own : path.join(record.volumes, 'cluster-client-tls');
		const bundle = await readFile(path.join(folder, 'ca.crt'), 'utf8');
		table.set(name, {
			life, folder, bundle, alive: true,
		});
		const last = restarts.findLast(restart => restart.pod === name);
		if (last) {
			last.began = Date.now();
		}
	};

	return {
		restarts,
		/** The process of a place's name, as it was at the last look; undefined as long as there never was one. */
		get: (name: string): PodProcess | undefined => table.get(name),
		/** Looks at all pods once. A pod whose volume is just being made is looked at again the next time. */
		async refresh(): Promise<void> {
			await Promise.all(places.map(async place => look(place).catch(() => undefined)));
		},
	};
};
