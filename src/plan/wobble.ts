import type {Observation, PodFacts} from '../observe/types.ts';

const podWords = (pod: PodFacts): string[] => [
	...(pod.deleting ? [`${pod.name} is being deleted`] : []),
	...(pod.ready ? [] : [`${pod.name} is not Ready`]),
];

/** What is not well now: pods that go or are not Ready, and what the operator says of the TidbCluster. */
const unwell = ({pods, sets, cluster}: Observation): string[] => {
	const ready = cluster.status.conditions?.find(({type}) => type === 'Ready');
	return [
		...pods.flatMap(pod => podWords(pod)),
		...sets.flatMap(({name, component, replicas}) => {
			const count = pods.filter(pod => pod.component === component).length;
			return count === replicas ? [] : [`${name}: ${count} of ${replicas} pods exist`];
		}),
		...(ready?.status === 'True' ? [] : [`${cluster.kind} not Ready (${ready?.reason ?? 'no condition'})`]),
	];
};

const livesOf = ({containers}: PodFacts): string => JSON.stringify(containers.map(({startedAt, restartCount}) => [startedAt, restartCount]));

/** What happened between two looks, though all may be well again. */
const happened = (before: Observation, now: Observation): string[] => {
	const leaders = [before, now].map(({cluster: {status}}) => (status.pd ?? status.master)?.leader?.name);
	return [
		...now.pods.flatMap(pod => {
			const earlier = before.pods.find(({name}) => name === pod.name);
			if (!earlier) {
				return [`${pod.name} is new`];
			}

			return earlier.uid === pod.uid
				? (livesOf(earlier) === livesOf(pod) ? [] : [`${pod.name}: a container was restarted`])
				: [`${pod.name} was replaced`];
		}),
		...(leaders[0] === leaders[1] ? [] : [`the ${now.cluster.kind === 'DMCluster' ? 'dm-master' : 'PD'} leader moved from ${leaders[0] ?? 'nobody'} to ${leaders[1] ?? 'nobody'}`]),
	];
};

/**
What keeps a cluster from counting as stable between two looks, in words; nothing when it is. Pure.
@param before - The look before; undefined at the first.
*/
export const wobbles = (before: Observation | undefined, now: Observation): string[] => [...(before ? happened(before, now) : []), ...unwell(now)];
