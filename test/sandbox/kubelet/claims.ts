import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {type Kube, resources} from '../kube.ts';
import type {Claim, Pod} from './types.ts';

const volumeFor = (claim: Claim, folder: string, node: string) => {
	const {namespace, name, uid} = claim.metadata;
	return {
		apiVersion: 'v1',
		kind: 'PersistentVolume',
		metadata: {name: `local-${uid!}`},
		spec: {
			capacity: {storage: claim.spec.resources.requests.storage},
			accessModes: claim.spec.accessModes,
			persistentVolumeReclaimPolicy: 'Retain',
			storageClassName: claim.spec.storageClassName ?? '',
			volumeMode: claim.spec.volumeMode ?? 'Filesystem',
			claimRef: {
				apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid,
			},
			local: {path: folder},
			nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: 'kubernetes.io/hostname', operator: 'In', values: [node]}]}]}},
		},
	};
};

/**
See that the pod's claims are bound: for each that is pending, make a PersistentVolume for it alone, as the administrator of
local disks would. kube-controller-manager then binds them. A claim's folder, in the folder of all pods of this name, belongs
to the claim: a pod's data outlives the pod.

@returns the folder of each claim by volume name; undefined while a claim is missing or not bound yet.
*/
export const bindClaims = async (kube: Kube, folder: string, node: string, pod: Pod): Promise<Record<string, string> | undefined> => {
	const volumes = (pod.spec.volumes ?? []).filter(volume => volume.persistentVolumeClaim);
	const folders = await Promise.all(volumes.map(async ({name, persistentVolumeClaim}) => {
		const claim = await kube.get<Claim>(resources.persistentVolumeClaims, {namespace: pod.metadata.namespace, name: persistentVolumeClaim!.claimName});
		if (!claim) {
			return undefined;
		}

		const disk = path.join(folder, 'claims', claim.metadata.uid!);
		if (claim.status?.phase === 'Bound') {
			return [name, disk] as const;
		}

		await mkdir(disk, {recursive: true, mode: 0o700});
		await kube.create(resources.persistentVolumes, volumeFor(claim, disk, node));
		return undefined;
	}));
	const bound = folders.filter(one => one !== undefined);
	return bound.length === volumes.length ? Object.fromEntries(bound) : undefined;
};
