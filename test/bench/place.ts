import {cp, rm} from 'node:fs/promises';
import path from 'node:path';
import {endBackdating, prepareClusterFolder} from '../sandbox/cluster-folder.ts';
import {firstCertificates} from '../sandbox/first-certificates.ts';
import {type KubeObject, resources} from '../sandbox/kube.ts';
import {tidbCluster} from '../sandbox/tidb-cluster.ts';
import {type Place, startPlace} from '../cluster/helpers/place.ts';

type Secret = KubeObject & {data: Record<string, string>};

/** A TidbCluster with certificates and without an operator or pods: writing to it makes nothing happen. */
export const bareCluster = async (name: string): Promise<Place> => {
	const place = await startPlace(name, ['--operator', 'none', '--profile', 'light']);
	const folder = await prepareClusterFolder(place.state, place);
	await firstCertificates(folder, place.state, place);
	await endBackdating(place.state, place);
	await place.kube.create(resources.tidbClusters, tidbCluster(place));
	return place;
};

/**
Keeps folder and Secrets as they are now.
@returns a function that brings them back.
*/
export const rewinder = async ({folder, kube, namespace, state}: Place): Promise<() => Promise<void>> => {
	const kept = path.join(state, 'bench-folder');
	await cp(folder, kept, {recursive: true});
	const {items: secrets} = await kube.list<Secret>(resources.secrets, namespace);
	return async () => {
		await rm(folder, {recursive: true});
		await cp(kept, folder, {recursive: true});
		for (const {metadata: {name, annotations}, data} of secrets) {
			await kube.patch(resources.secrets, {namespace, name}, {metadata: {annotations}, data});
		}
	};
};
