import type {Observation, PodFacts} from '../observe/types.ts';
import type {Restart} from '../report/record.ts';

/** What is followed of one pod. */
type Followed = {life: string; wellAt: string; open?: Restart};

/** A pod that was made anew has another life, and so has one whose container was started again. */
const lifeOf = ({uid, containers}: PodFacts): string => `${uid} ${containers.map(({restartCount}) => restartCount).join(' ')}`;

type Lives = {
	/** Takes the next look at the cluster into account. */
	saw: (observation: Observation) => void;
	/** In the order in which they were seen. */
	restarts: Restart[];
	/** How many of them, by pod name. */
	counts: () => Record<string, number>;
};

/** Counts the pods that were made anew, and the containers that were started again, from one look at the cluster to the next. */
export const followPods = (): Lives => {
	const pods = new Map<string, Followed>();
	const restarts: Restart[] = [];

	const follow = (pod: PodFacts, time: string): void => {
		const life = lifeOf(pod);
		const followed = pods.get(pod.name) ?? {life, wellAt: time};
		if (followed.life !== life) {
			const from = followed.open ? time : followed.wellAt;
			if (followed.open) {
				// It never came to be Ready: the next life began before.
				followed.open.until = time;
			}

			followed.open = {pod: pod.name, component: pod.component, from};
			restarts.push(followed.open);
		}

		const isWell = pod.ready && !pod.deleting;
		if (isWell && followed.open) {
			followed.open.until = time;
			delete followed.open;
		}

		pods.set(pod.name, {...followed, life, wellAt: isWell ? time : followed.wellAt});
	};

	return {
		saw(observation) {
			const time = new Date(observation.now).toISOString();
			for (const pod of observation.pods) {
				if (pod.containers.length > 0) {
					follow(pod, time);
				}
			}
		},
		restarts,
		counts() {
			const names = Map.groupBy(restarts, ({pod}) => pod);
			return Object.fromEntries(names.entries().map(([pod, own]) => [pod, own.length]));
		},
	};
};
