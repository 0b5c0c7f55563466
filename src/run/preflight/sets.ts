import {components, partOf, runningComponents} from '../../cluster/components.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {ComponentName} from '../../cluster/types.ts';
import type {StatefulSetFacts} from '../../observe/types.ts';
import type {Facts} from './facts.ts';

const wanted = ({observation}: Facts, component: ComponentName): number | undefined => partOf(observation.cluster.spec, component)?.replicas;

/** Why a StatefulSet could not be rolled by the operator, whenever. */
const strategyProblems = (set: StatefulSetFacts): Problem[] => set.strategy === 'RollingUpdate'
	? []
	: [{
		code: 'strategy',
		what: `StatefulSet ${set.name} has the update strategy ${JSON.stringify(set.strategy)}, so the operator does not restart its pods`,
		fix: 'set statefulSetUpdateStrategy to RollingUpdate',
	}];

/** What goes on in a StatefulSet that a new rotation would come on top of. */
const progressProblems = (facts: Facts, component: ComponentName, set: StatefulSetFacts): Problem[] => {
	const replicas = wanted(facts, component);
	const found: Array<[boolean, string]> = [
		[set.generation !== set.observedGeneration, 'its last change has not been seen by the controller'],
		[set.currentRevision !== set.updateRevision, 'a rolling update is in progress'],
		[replicas !== undefined && replicas !== set.replicas, `it is being scaled from ${set.replicas} to ${replicas} replicas`],
		[set.readyReplicas !== set.replicas, `${set.readyReplicas} of ${set.replicas} pods are Ready`],
	];
	return found.filter(([isSo]) => isSo).map(([, words]) => ({
		code: 'in-progress', what: `StatefulSet ${set.name}: ${words}`, fix: 'wait until it has ended',
	}));
};

/** Whether each component's pods belong to a plain StatefulSet that the operator can roll, and nothing is in progress there. */
export const setProblems = (facts: Facts): Problem[] => runningComponents(facts.cluster).flatMap(component => {
	const set = facts.observation.sets.find(candidate => candidate.component === component);
	if (!set) {
		return wanted(facts, component) === 0
			? []
			: [{
				code: 'no-set',
				what: `${component} has no StatefulSet of Kubernetes' own (apps/v1)`,
				fix: 'advanced StatefulSets (apps.pingcap.com) and Operator v2 are not rotated by this tool',
			}];
	}

	return [...strategyProblems(set), ...(facts.isResumed || facts.isCure ? [] : progressProblems(facts, component, set))];
});

/** How few replicas make a component fail while one of them restarts: PD, TiKV and DM's masters keep a majority. */
const tooFew = (component: ComponentName): number => ['pd', 'tikv', 'dm-master'].includes(component) ? 2 : 1;

/** The components whose restart is an outage, which a person must agree to. */
export const outageProblems = (facts: Facts): Problem[] => runningComponents(facts.cluster).flatMap(component => {
	const {name, replicas = 0} = facts.observation.sets.find(set => set.component === component) ?? {};
	return replicas > 0 && replicas <= tooFew(component)
		? [{
			code: 'outage',
			kind: 'question',
			what: `${name!} has ${replicas === 1 ? 'one replica' : `${replicas} replicas`}: each rolling restart stops ${components[component].workload ?? component} while one pod restarts`,
		} satisfies Problem]
		: [];
});
