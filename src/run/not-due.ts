import {runningComponents} from '../cluster/components.ts';
import {spellDuration} from '../cluster/duration.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {isDue} from '../status/cluster-status.ts';
import {type Due, dueOf} from '../status/due.ts';

/** What `status` would say is due for one cluster that was looked at whole. */
export const dueOfObserved = (cluster: Cluster, {secrets, now, pods, cluster: {spec}}: Observation, leavesOnly = false): Due => {
	const running = runningComponents(cluster);
	return dueOf({
		cluster,
		secrets,
		now,
		leavesOnly,
		replicas: running.reduce((sum, component) => sum + (spec[component]?.replicas ?? 0), 0),
		pods: pods.filter(({component}) => running.some(name => name === component)),
	});
};

/**
Why nothing is due within a time (milliseconds), in lines for a person; undefined when something is. With `leavesOnly` only the
leaves count, as only they would be renewed.
*/
export const notDueWords = (cluster: Cluster, observation: Observation, {within, leavesOnly}: {within: number; leavesOnly: boolean}): string[] | undefined => {
	const due = dueOfObserved(cluster, observation, leavesOnly);
	const {earliest, by} = due;
	return earliest === undefined || by === undefined || isDue(due, observation.now, within)
		? undefined
		: [
			`Nothing to do: nothing is due within ${spellDuration(within)}.`,
			`${earliest.what} ends first, at ${earliest.certificate.notAfter}; the latest safe start is ${new Date(by).toISOString()}.`,
		];
};
