import {resources, type KubeObject} from '../../sandbox/kube.ts';
import type {Place} from './place.ts';

type Pod = KubeObject & {status?: {containerStatuses?: Array<{restartCount: number}>}};

export type RestartCount = {
	/** Ends it. Gives how often each pod was made anew or its container started again, by the pod's name. */
	stop: () => Promise<Record<string, number>>;
};

/** Counts the restarts of the cluster's pods from now on, by a watch. */
export const countRestarts = async ({kube, namespace, cluster}: Place): Promise<RestartCount> => {
	const lives = new Map<string, Set<string>>();
	const over = new AbortController();
	const see = ({metadata: {name, uid, namespace: where, labels}, status}: Pod): void => {
		if (where !== namespace || labels?.['app.kubernetes.io/instance'] !== cluster || !status?.containerStatuses) {
			return;
		}

		const life = `${uid} ${status.containerStatuses.map(({restartCount}) => restartCount).join(' ')}`;
		lives.set(name, (lives.get(name) ?? new Set()).add(life));
	};

	const {promise: begun, resolve} = Promise.withResolvers<void>();
	const watching = kube.watch<Pod>(resources.pods, {
		listed(pods) {
			for (const pod of pods) {
				see(pod);
			}

			resolve();
		},
		changed(_type, pod) {
			see(pod);
		},
	}, {signal: over.signal});
	await begun;
	return {
		async stop() {
			over.abort();
			await watching;
			return Object.fromEntries([...lives].map(([name, seen]): [string, number] => [name, seen.size - 1]).toSorted(([one], [other]) => one.localeCompare(other)));
		},
	};
};
