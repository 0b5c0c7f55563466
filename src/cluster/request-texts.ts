import type {Observation} from '../observe/types.ts';
import {presentCa} from '../plan/decide.ts';
import {secretName} from './components.ts';
import {caRequestFromCa, requestFromLeaf} from './requests.ts';
import {render, templateFile} from './templates.ts';
import type {Cluster, ComponentName} from './types.ts';

const leafRequest = (cluster: Cluster, component: ComponentName, observation: Observation): string => {
	const leaf = observation.secrets[secretName(cluster.name, component)]?.leaf.certificates[0];
	return leaf ? requestFromLeaf(leaf) : render(component, cluster);
};

/**
The requests and configuration that a cluster folder needs, by file name: from the live certificates where there are any, so that
nothing they have is lost, else from the templates. `onlyMissing` leaves out what the folder has: a person's own file is never
overwritten.
*/
export const requestTexts = (cluster: Cluster, observation: Observation, {onlyMissing}: {onlyMissing: boolean}): Record<string, string> => {
	const ca = presentCa(observation);
	const all: Record<string, string> = {
		'ca-config.json': render('ca-config', cluster),
		'ca-csr.json': ca ? caRequestFromCa(ca) : render('ca-csr', cluster),
	};
	for (const component of cluster.components) {
		all[templateFile(component)] = leafRequest(cluster, component, observation);
	}

	return onlyMissing ? Object.fromEntries(Object.entries(all).filter(([file]) => !Object.hasOwn(observation.folder.requests, file))) : all;
};
