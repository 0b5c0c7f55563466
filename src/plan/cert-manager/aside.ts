import {
	certificatesOf,
	issuedSecrets,
	nextCaSecret,
	nextOf,
} from '../../cluster/issuance.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import {recordCertificate, remove} from '../object-lines.ts';
import {step} from '../steps.ts';
import type {Condition, Phase, Step} from '../types.ts';

/** The cluster's own Certificates, and that of the next CA, which would be another one than everybody trusts once it were renewed. */
const apart = (cluster: Cluster, issuance: Issuance): string[] => [...certificatesOf(cluster, issuance), nextOf(issuance.ca.certificate)];

/** No Certificate is there that would overwrite what a step writes to the Secrets: a bundle of two CAs is not cert-manager's. */
export const nobodyIssues = (cluster: Cluster, issuance: Issuance): Condition => ({is: 'gone', kind: 'Certificate', names: apart(cluster, issuance)});

/** Every Certificate as it can be made again, in the folder. */
export const recordStep = (cluster: Cluster, certificates: string[], phase: Phase): Step => step({
	id: `${phase}.record`,
	phase,
	title: 'Write the Certificates down, as they will be made again',
	lines: certificates.map(certificate => recordCertificate(cluster, certificate)),
	independent: true,
	done: [{is: 'recorded', certificates}],
});

/** The next CA is the one that was taken into the folder. */
const nextCaKept = (issuance: Issuance): Condition => ({
	is: 'ca-secret', secret: nextCaSecret(issuance), file: 'ca.new.pem', another: false,
});

/**
The Certificates are put aside: their Secrets stay, and nobody overwrites those any more. (A Secret whose owner the Certificate is would
go with it.)
*/
export const asideStep = (cluster: Cluster, issuance: Issuance, phase: Phase): Step => {
	const certificates = certificatesOf(cluster, issuance);
	return step({
		id: `${phase}.aside`,
		phase,
		title: 'Put the Certificates aside, so that cert-manager does not overwrite the Secrets',
		needs: [
			{is: 'recorded', certificates},
			...(phase === 'trust' ? [nextCaKept(issuance)] : []),
			{is: 'unowned', secrets: [...issuedSecrets(cluster, issuance), issuance.ca.secret]},
		],
		lines: [remove(cluster, 'Certificate', apart(cluster, issuance))],
		done: [nobodyIssues(cluster, issuance)],
	});
};
