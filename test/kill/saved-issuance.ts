import {certificatesOf, isReady} from '../cluster/helpers/cert-manager.ts';
import type {Place} from '../cluster/helpers/place.ts';
import {until} from '../cluster/helpers/until.ts';
import {type KubeObject, resources} from '../sandbox/kube.ts';

/** Cert-manager's part of a saved state. */
export type SavedIssuance = {
	/** Takes every Certificate away, so that nobody writes over the Secrets, and what was not there when the state was saved. */
	putAside: () => Promise<void>;
	/** Makes the Certificates again, to Secrets that are as they had them. */
	bringBack: () => Promise<void>;
};

/** What of an object somebody else may make again. */
const bare = <Kind extends KubeObject>({status, metadata: {name, namespace, labels, annotations}, ...object}: Kind & {status?: unknown}) => ({
	...object, metadata: {
		name, ...(namespace !== undefined && {namespace}), ...(labels && {labels}), ...(annotations && {annotations}),
	},
});

/** Saves the Certificates, and which Issuers and Secrets there are. */
export const saveIssuance = async (place: Place): Promise<SavedIssuance> => {
	const {kube, namespace} = place;
	const named = async (resource: 'issuers' | 'secrets'): Promise<string[]> => {
		const {items} = await kube.list(resources[resource], namespace);
		return items.map(({metadata}) => metadata.name);
	};

	const certificates = Object.values(await certificatesOf(place));
	const saved = {issuers: await named('issuers'), secrets: await named('secrets')};
	const removeOthers = async (resource: 'issuers' | 'secrets'): Promise<void> => {
		const present = await named(resource);
		await Promise.all(present.filter(name => !saved[resource].includes(name)).map(async name => kube.remove(resources[resource], {namespace, name})));
	};

	return {
		async putAside() {
			const present = await certificatesOf(place);
			await Promise.all(Object.keys(present).map(async name => kube.remove(resources.certificates, {namespace, name})));
			await removeOthers('issuers');
			await removeOthers('secrets');
		},
		async bringBack() {
			await Promise.all(certificates.map(async certificate => kube.create(resources.certificates, {apiVersion: 'cert-manager.io/v1', kind: 'Certificate', ...bare(certificate)})));
			await until('the Certificates of the saved state', async () => {
				const present = Object.values(await certificatesOf(place));
				return present.length === certificates.length && present.every(certificate => isReady(certificate));
			}, 60_000);
		},
	};
};
