import {components, secretName} from '../cluster/components.ts';
import {checkRequest} from '../cluster/check-request.ts';
import {requestTexts} from '../cluster/request-texts.ts';
import {mergeSans, withOu} from '../cluster/requests.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';

export type RequestChanges = {
	/** `--merge-sans`: what a request lacks of its live certificate is written into it. */
	mergeSans: boolean;
	/** `--ca-ou`: the OU of the new CA's subject. */
	caOu?: string;
};

/**
The request files that are to be written before a rotation, by name: those that are missing in a folder that is there, and those
that a person asked to change. A person's own file is never touched otherwise.
*/
export const changedRequests = (cluster: Cluster, observation: Observation, changes: RequestChanges): Record<string, string> => {
	const {requests, exists} = observation.folder;
	const texts = exists ? requestTexts(cluster, observation, {onlyMissing: true}) : {};
	if (changes.mergeSans) {
		for (const component of cluster.components) {
			const file = `${components[component].file}.json`;
			const leaf = observation.secrets[secretName(cluster.name, component)]?.leaf.certificates[0];
			const value = requests[file]?.value;
			if (leaf && value !== undefined && checkRequest(file, value, leaf).some(({code}) => code === 'lost')) {
				texts[file] = mergeSans(value, leaf);
			}
		}
	}

	if (changes.caOu !== undefined) {
		const present: unknown = requests['ca-csr.json']?.value ?? JSON.parse(requestTexts(cluster, observation, {onlyMissing: false})['ca-csr.json']!);
		texts['ca-csr.json'] = withOu(present, changes.caOu);
	}

	return texts;
};
