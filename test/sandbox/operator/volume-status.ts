import type {Claim, ComponentSpec} from './types.ts';

/**
The status of a component's volumes, counted over the claims of its pods.

A change of size or class is not carried out here, so that what is modified and resized is what is there.
*/
export function volumeStatus(name: string, spec: ComponentSpec, claims: Claim[]): Record<string, unknown> {
	const capacity = spec.requests?.storage;
	const bound = claims.filter(({status}) => status?.phase === 'Bound').length;
	return {
		boundCount: bound,
		currentCapacity: capacity,
		currentCount: claims.length,
		currentStorageClass: spec.storageClassName,
		modifiedCapacity: capacity,
		modifiedCount: claims.length,
		modifiedStorageClass: spec.storageClassName,
		name,
		resizedCapacity: capacity,
		resizedCount: claims.length,
	};
}
