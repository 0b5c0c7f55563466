import {optionsFor} from '../../cluster/names.ts';
import type {Cluster, Companion} from '../../cluster/types.ts';

/** A cluster that is told of by its name; `domain` is that of its Kubernetes cluster, where it is told. */
export type Named = {name: string; namespace: string; domain?: string | undefined};

/** One that has to go with another; `isElsewhere`: it is not in the same Kubernetes cluster. */
type Other = {name: string; namespace: string; isElsewhere?: boolean};

/** Whether that one is meant. */
export const isOf = (named: Named, {name, namespace}: {name: string; namespace: string}): boolean => named.name === name && named.namespace === namespace;

/** Which of the clusters that were found beside one is meant; one of another domain was not found here, whatever it is called. */
export const findHere = <Of extends {name: string; namespace: string}>({domain}: Cluster, named: Named, others: Of[]): Of | undefined =>
	(named.domain ?? domain) === (domain ?? named.domain) ? others.find(other => isOf(named, other)) : undefined;

type Given = Omit<Companion, 'uid'>;

const wholeName = ({name, namespace}: Other): string => `${namespace}/${name}`;

/** Another one as it is given on the command line, by its namespace where that is another than the first one's. */
const asGiven = (other: Other, {namespace, context}: Cluster): Given => ({
	name: other.name,
	namespace: other.namespace,
	word: other.namespace === namespace ? other.name : wholeName(other),
	// Whoever was found here was found by the access to this one.
	...(context !== undefined && !other.isElsewhere && {context}),
});

/**
What to do where clusters have to go together: the command for all of them, those that go together already and the others. Where two are called
alike, which would share a cluster folder, a person has to say where the folders are, and where one is in another Kubernetes cluster, by which
contexts they are reached.
*/
export const jointly = (command: 'rotate' | 'rollback', cluster: Cluster, others: Other[]): string => {
	const {name, namespace} = cluster;
	const all: Given[] = [...cluster.together ?? [{name, namespace, word: name}], ...others.map(other => asGiven(other, cluster))];
	const areAlike = new Set(all.map(one => one.name)).size < all.length;
	const needFolders = areAlike || all.some(({dir}) => dir !== undefined);
	const needContexts = others.some(({isElsewhere}) => isElsewhere);
	const together = all.map(one => ({
		...one,
		...(areAlike && {word: wholeName(one)}),
		...(needContexts && {context: one.context ?? 'CONTEXT'}),
		...(needFolders && {dir: one.dir ?? 'FOLDER'}),
	}));
	const deed = command === 'rotate' ? 'rotated together, phase by phase' : 'taken back together';
	const yours = [...(needContexts ? ['each CONTEXT being the kubeconfig\'s for that Kubernetes cluster'] : []), ...(needFolders ? ['each FOLDER being that cluster\'s own'] : [])];
	return [`they are ${deed}: npm run ${command} -- ${optionsFor({...cluster, together})}`, ...yours].join(', ');
};
