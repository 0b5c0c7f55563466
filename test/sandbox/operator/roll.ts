import type {PodView, SetView} from './views.ts';

/** One thing that the roll does now, or what it waits for. */
export type RollStep =
	| {do: 'wait'; why: string}
	| {do: 'partition'; to: number}
	| {do: 'transfer leader'; from: string; to: string}
	| {do: 'annotate'; pod: string; annotations: Record<string, string>};

/** What a component asks before and after one of its pods is replaced: pure, with the observation inside. */
export type Policy = {
	/** Why a replaced pod may not be counted yet; undefined where it may. */
	unfit: (pod: PodView) => string | undefined;

	/** What to do once a replaced pod is fit. */
	after: (pod: PodView) => RollStep[];

	/** What must be done or waited for before a pod goes; nothing where it may go. */
	before: (pod: PodView) => RollStep[];
};

/**
The upgrader's decision for one sync: from the highest ordinal down, one pod at a time, the next only when the one before is fit.

@param set - The StatefulSet, with its partition as it is now.
@param pods - Its pods.
@param policy - What the component asks before and after.
@returns What to do now, in this order; empty where every pod has been replaced.
*/
export function rollSteps(set: SetView, pods: PodView[], policy: Policy): RollStep[] {
	if (set.generation > set.observedGeneration) {
		return [{do: 'wait', why: `the StatefulSet controller has not looked at the last change of ${set.name}`}];
	}

	const steps: RollStep[] = [];
	for (let ordinal = set.replicas - 1; ordinal >= 0; ordinal--) {
		const pod = pods.find(pod => pod.ordinal === ordinal);
		if (!pod) {
			return [...steps, {do: 'wait', why: `pod ${set.name}-${ordinal} does not exist`}];
		}

		if (pod.revision === set.updateRevision) {
			const why = policy.unfit(pod);
			if (why !== undefined) {
				return [...steps, {do: 'wait', why}];
			}

			steps.push(...policy.after(pod));
			continue;
		}

		if (set.partition <= ordinal) {
			return [...steps, {do: 'wait', why: `pod ${pod.name} is being replaced`}];
		}

		const before = policy.before(pod);
		return [...steps, ...before.length > 0 ? before : [{do: 'partition', to: ordinal} as const]];
	}

	return steps;
}
