import type {Cluster} from '../cluster/types.ts';
import {issuanceOf} from '../judge/issuance/detect.ts';
import {readVersion} from '../observe/cert-manager-version.ts';
import type {Access} from '../observe/cluster.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import type {Observation} from '../observe/types.ts';
import {say} from './say.ts';

/** Says which of cert-manager's objects this user may not read: what depends on them is not known. */
export const tellUnread = ({unread}: IssuanceFacts): void => {
	const kinds = unread.filter(({why}) => why === 'forbidden').map(({kind}) => `${kind}s`);
	if (kinds.length > 0) {
		say(`not looked at, as this user may not: ${kinds.join(', ')} of cert-manager`);
	}
};

/** The same observation with cert-manager's version, where cert-manager issues any of the cluster's certificates; what may not be read is said. */
export const withVersion = async (access: Access, cluster: Cluster, observation: Observation): Promise<Observation> => {
	const {issuance, secrets} = observation;
	if (!issuance) {
		return observation;
	}

	tellUnread(issuance);
	const version = issuanceOf({cluster, secrets, issuance}).by === 'cfssl' ? undefined : await readVersion(access);
	return version === undefined ? observation : {...observation, issuance: {...issuance, version}};
};
