import {clusterFolder} from '../cluster/place.ts';
import type {Kind} from '../cluster/types.ts';
import {type Access, observe} from '../observe/cluster.ts';
import {clusterStatus, type Limits} from '../status/cluster-status.ts';
import {folderFindings} from '../status/folder-findings.ts';
import {standing} from '../status/position.ts';
import type {ClusterStatus} from '../status/schema.ts';
import {replicasOf, runningPods} from '../status/running.ts';
import {belongs} from './belongs.ts';
import {withVersion} from './cert-manager.ts';
import {findCluster} from './find.ts';
import {firstLook} from './first-look.ts';

/** Which cluster is asked about. */
type Question = {name: string; namespace?: string; dir?: string; mysql: boolean; kind?: Kind; limits: Limits};

/**
The status of one cluster, with its folder and keys.
@throws Stopped when it cannot be found, or the folder is another cluster's.
*/
export const statusOfOne = async (access: Access, {name, namespace, dir, mysql, kind, limits}: Question): Promise<ClusterStatus> => {
	const cluster = await firstLook(async () => findCluster(access, name, {mysql, ...(kind !== undefined && {kind}), ...(namespace !== undefined && {namespace})}));
	const observation = await withVersion(access, cluster, await observe(access, cluster, clusterFolder(cluster.name, {mysql, ...(dir !== undefined && {dir})}), {issuance: true}));
	await belongs(observation.folder.path, observation);
	const position = standing(cluster, observation);
	return clusterStatus({
		cluster,
		limits,
		position,
		issuance: observation.issuance,
		secrets: observation.secrets,
		now: observation.now,
		folder: observation.folder,
		replicas: replicasOf(cluster, observation),
		pods: runningPods(cluster, observation),
		more: folderFindings(cluster, observation, position),
	});
};
