import {spellDuration} from '../cluster/duration.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {isDue} from '../status/cluster-status.ts';
import {dueOf} from '../status/due.ts';
import {replicasOf, runningPods} from '../status/running.ts';

/**
Why nothing is due within a time (milliseconds), in lines for a person; undefined when something is. With `leavesOnly` only the
leaves count, as only they would be renewed.
*/
export const notDueWords = (cluster: Cluster, observation: Observation, {within, leavesOnly}: {within: number; leavesOnly: boolean}): string[] | undefined => {
	const {secrets, now, issuance} = observation;
	const due = dueOf({
		cluster, secrets, now, leavesOnly, issuance, replicas: replicasOf(cluster, observation), pods: runningPods(cluster, observation),
	});
	const {earliest, by} = due;
	return earliest === undefined || by === undefined || isDue(due, now, within)
		? undefined
		: [
			`Nothing to do: nothing is due within ${spellDuration(within)}.`,
			`${earliest.what} ends first, at ${earliest.certificate.notAfter}; the latest safe start is ${new Date(by).toISOString()}.`,
		];
};
