import type {Cluster} from '../cluster/types.ts';
import type {ClusterIssuance} from '../judge/issuance/detect.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import {commandFor} from '../judge/words.ts';
import type {Position} from '../plan/place.ts';
import type {Due} from './due.ts';
import type {Finding} from './findings.ts';
import {issuanceDueWords} from './issuance-due-words.ts';

/** Whether the CA ends before leaves that were made now would: then leaves alone do not help for long. */
const isCaNear = ({earliest, by}: Due, caEnds: number): boolean => {
	if (!earliest || by === undefined) {
		return true;
	}

	const {notBefore, notAfter} = earliest.certificate;
	return caEnds < Date.parse(notAfter) + Date.parse(notAfter) - Date.parse(notBefore);
};

/** Offered where expiry may be the only reason: what else is one, nobody can see here. */
const orRenewed = (cluster: Cluster): string =>
	`; or, where expiry is the only reason, give the CA a longer life with the key that it has, by one restart instead of two or three: ${commandFor(cluster, 'rotate', '--renew-ca')}`;

export type DueQuestion = {
	cluster: Cluster;
	position: Position;
	due: Due;
	/** When the first of the CAs ends that signed a leaf, in milliseconds since the epoch. */
	caEnds: number;
	findings: Finding[];
	/** The CA is what ends, and the folder has its key: its certificate can be made anew. */
	isRenewable: boolean;
	/** Who issues the certificates, and what is known of it. */
	by: ClusterIssuance['by'];
	issuance: IssuanceFacts | undefined;
};

/** What a person has to do next, in one sentence with the command. */
export const dueWords = ({cluster, position, due, caEnds, findings, isRenewable, by, issuance}: DueQuestion): string => {
	const broken = findings.find(({severity}) => severity === 'critical');
	if (broken) {
		return `now: ${broken.fix}`;
	}

	if (by !== 'cfssl') {
		return issuanceDueWords({
			cluster, due, findings, issuance,
		});
	}

	switch (position.name) {
		case 'unclear': {
			return `see what the Secrets and the folder hold: ${commandFor(cluster, 'rotate', '--dry-run')}`;
		}

		case 'at rest': {
			return isCaNear(due, caEnds)
				? `replace the CA and the certificates: ${commandFor(cluster, 'rotate')}${isRenewable ? orRenewed(cluster) : ''}`
				: `renew the certificates: ${commandFor(cluster, 'rotate', '--keep-ca')}`;
		}

		case 'old CA still trusted':
		case 'retire': {
			return `take the old CA away: ${commandFor(cluster, 'rotate', '--retire-old-ca')}`;
		}

		case 'CA renewal': {
			return `go on with the renewal of the CA's certificate: ${commandFor(cluster, 'rotate', '--renew-ca')}`;
		}

		case 'renewal': {
			return `go on with the renewal: ${commandFor(cluster, 'rotate', '--keep-ca')}`;
		}

		case 'begun':
		case 'trust':
		case 'reissue': {
			return `go on with the rotation: ${commandFor(cluster, 'rotate')}`;
		}
	}
};
