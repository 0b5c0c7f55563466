import type {Observation} from '../observe/types.ts';
import {
	type ClusterFile,
	clusterFileProblems,
	readClusterFile,
	writeClusterFile,
} from '../cluster/cluster-file.ts';
import {refused} from './errors.ts';

/**
Sees that a folder that remembers a cluster remembers this one (design.md 4).
@throws Stopped naming the file, when it is another's.
*/
export const belongs = async (folder: string, {cluster}: Observation): Promise<ClusterFile | undefined> => {
	const remembered = await readClusterFile(folder);
	const problems = remembered ? clusterFileProblems(remembered, cluster) : [];
	if (problems.length > 0) {
		throw refused([`${folder}/cluster.yaml says that this folder is another cluster's`, ...problems.map(problem => `  ${problem}`)].join('\n'), 'name the right folder with --dir');
	}

	return remembered;
};

/** Writes down which cluster a folder belongs to, at its first use. */
export const remember = async (folder: string, {cluster}: Observation): Promise<void> => {
	const remembered = await readClusterFile(folder);
	if (!remembered || (remembered.uid === undefined && cluster.uid !== '')) {
		await writeClusterFile(folder, {...remembered, namespace: cluster.namespace, ...(cluster.uid !== '' && {uid: cluster.uid})});
	}
};
