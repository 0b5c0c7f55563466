import {resources, type Kube, type Resource} from '../kube.ts';
import type {
	Claim,
	DmCluster,
	KubeObject,
	Metadata,
	Pod,
	StatefulSet,
	TidbCluster,
} from './types.ts';

type Watched = {tidbClusters: TidbCluster; dmClusters: DmCluster; statefulSets: StatefulSet; pods: Pod; services: KubeObject; configMaps: KubeObject; persistentVolumeClaims: Claim};
type Kind = keyof Watched;

/** Of every sandbox; only some have DMClusters. */
const usualKinds: Kind[] = ['tidbClusters', 'statefulSets', 'pods', 'services', 'configMaps', 'persistentVolumeClaims'];
const keyOf = ({namespace, name}: {namespace?: string; name: string}) => `${namespace}/${name}`;

/** What the operator knows of the cluster, kept up to date by watches as an informer's lister is; and its writes. */
export class World {
	readonly #objects: {[K in Kind]: Map<string, Watched[K]>} = {
		tidbClusters: new Map(),
		dmClusters: new Map(),
		statefulSets: new Map(),
		pods: new Map(),
		services: new Map(),
		configMaps: new Map(),
		persistentVolumeClaims: new Map(),
	};

	readonly #kinds: Kind[];
	readonly kube: Kube;

	constructor(kube: Kube, {withDm = false} = {}) {
		this.kube = kube;
		this.#kinds = [...usualKinds, ...withDm ? ['dmClusters' as const] : []];
	}

	/** The watch may still tell an older state than a write has returned. */
	#keep(objects: Map<string, KubeObject>, object: KubeObject): void {
		const key = keyOf(object.metadata);
		const known = objects.get(key);
		const isOlder = known?.metadata.uid === object.metadata.uid && Number(known?.metadata.resourceVersion) > Number(object.metadata.resourceVersion);
		if (!isOlder) {
			objects.set(key, object);
		}
	}

	/** Watches until the signal says stop, and calls `changed` after each change. Returns once everything has been listed. */
	async start({signal, changed, failed}: {signal: AbortSignal; changed: () => void; failed: (error: unknown) => void}): Promise<void> {
		await Promise.all(this.#kinds.map(async kind => new Promise<void>(resolve => {
			const objects = this.#objects[kind] as Map<string, KubeObject>;
			void this.kube.watch<KubeObject>(resources[kind], {
				listed(list) {
					objects.clear();
					for (const object of list) {
						objects.set(keyOf(object.metadata), object);
					}

					resolve();
					changed();
				},
				changed: (type, object) => {
					if (type === 'DELETED') {
						objects.delete(keyOf(object.metadata));
					} else {
						this.#keep(objects, object);
					}

					changed();
				},
			}, {signal, failed});
		})));
	}

	get<K extends Kind>(kind: K, namespace: string, name: string): Watched[K] | undefined {
		return this.#objects[kind].get(keyOf({namespace, name}));
	}

	/** All objects of a kind; with labels, those that carry them, by name. */
	list<K extends Kind>(kind: K, namespace?: string, labels: Record<string, string> = {}): Array<Watched[K]> {
		return this.#objects[kind].values()
			.filter(({metadata}) => (namespace === undefined || metadata.namespace === namespace)
				&& Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value))
			.toArray()
			.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
	}

	/** Makes an object that is not there yet. */
	async create(kind: Kind, object: KubeObject): Promise<void> {
		const made = await this.kube.create(resources[kind], object);
		if (made) {
			this.#keep(this.#objects[kind], made);
		}
	}

	/** Writes a merge patch, and knows the result at once: the next decision must not be made on what was there before. */
	async patch<K extends Kind>(kind: K, {namespace, name}: Metadata, patch: unknown): Promise<Watched[K]> {
		const resource: Resource = resources[kind];
		const patched = await this.kube.patch<Watched[K]>(resource, {namespace, name}, patch);
		this.#keep(this.#objects[kind], patched);
		return patched;
	}
}
