import {KubeError} from '../kube.ts';
import type {Log} from './log.ts';
import {syncCluster, syncDmCluster} from './sync.ts';
import type {DmCluster, TidbCluster} from './types.ts';
import type {World} from './world.ts';

type Turn = {running: boolean; last: number; changed: boolean; rests: boolean};

/** Between two syncs of a cluster at least, in milliseconds. */
const pause = 150;

/** Without any change: while it is not Ready, and while it is. The operator's own waits come from a resync of 30 s. */
const busyInterval = 500;
const restInterval = 2000;

type Cluster = {is: 'tidb'; object: TidbCluster} | {is: 'dm'; object: DmCluster};

/** Syncs each TidbCluster and DMCluster when something changed and at intervals, one sync at a time for each. */
export class Controller {
	readonly #world: World;
	readonly #log: Log;
	readonly #turns = new Map<string, Turn>();

	constructor(world: World, log: Log) {
		this.#world = world;
		this.#log = log;
	}

	#turnOf({object: {metadata}}: Cluster): Turn {
		const key = metadata.uid ?? '';
		const turn = this.#turns.get(key) ?? {
			running: false, last: 0, changed: true, rests: false,
		};
		this.#turns.set(key, turn);
		return turn;
	}

	async #sync(cluster: Cluster, turn: Turn): Promise<void> {
		turn.running = true;
		turn.changed = false;
		try {
			const {isReady} = cluster.is === 'tidb' ? await syncCluster(this.#world, cluster.object, this.#log) : await syncDmCluster(this.#world, cluster.object, this.#log);
			turn.rests = isReady;
		} catch (error) {
			turn.rests = false;
			const {namespace, name} = cluster.object.metadata;
			// What changed or went under our hands is looked at again in the next sync.
			const isUsual = error instanceof KubeError && (error.status === 404 || error.status === 409);
			if (!isUsual) {
				this.#log.repeated(`${namespace}/${name} error`, `${namespace}/${name}: ${error instanceof Error ? error.message : String(error)}`);
			}
		} finally {
			turn.running = false;
			turn.last = Date.now();
		}
	}

	/** Something in the cluster changed: all of them are due. */
	changed(): void {
		for (const turn of this.#turns.values()) {
			turn.changed = true;
		}
	}

	/** Starts the syncs that are due. To be called several times a second. */
	tick(): void {
		const clusters: Cluster[] = [
			...this.#world.list('tidbClusters').map(object => ({is: 'tidb', object} as const)),
			...this.#world.list('dmClusters').map(object => ({is: 'dm', object} as const)),
		];
		for (const cluster of clusters) {
			const turn = this.#turnOf(cluster);
			const age = Date.now() - turn.last;
			const interval = turn.changed ? pause : (turn.rests ? restInterval : busyInterval);
			if (age > interval && !turn.running && cluster.object.metadata.deletionTimestamp === undefined) {
				void this.#sync(cluster, turn);
			}
		}
	}
}
