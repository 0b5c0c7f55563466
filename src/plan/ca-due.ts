import type {CertificateFacts} from '../certificates/types.ts';
import {secretName} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {presentCa} from './decide.ts';

/** The CA, and a leaf that would outlive it, were it made now for as long as it was made before. */
export type CaDue = {ca: CertificateFacts; component: string; life: number};

/** For how long a certificate is valid, in milliseconds. */
export const lifeOf = ({notBefore, notAfter}: CertificateFacts): number => Date.parse(notAfter) - Date.parse(notBefore);

/**
Whether the CA is what ends: new leaves of it would say that they are valid for longer than it is. Else leaves alone may be renewed, and a new
CA certificate gains nothing. Pure.
@returns undefined where leaves may be renewed, or where there is nothing to tell it by.
*/
export const caDue = ({name, components}: Cluster, observation: Pick<Observation, 'secrets' | 'now'>): CaDue | undefined => {
	const ca = presentCa(observation);
	if (!ca) {
		return undefined;
	}

	const found = components.map(component => ({component, leaf: observation.secrets[secretName(name, component)]?.leaf.certificates[0]}));
	const lives = found.flatMap(({component, leaf}) => leaf ? [{component, life: lifeOf(leaf)}] : []);
	const late = lives.find(({life}) => observation.now + life > Date.parse(ca.notAfter));
	return late && {ca, ...late};
};
