import {certificatesOf, nextCaSecret} from '../../cluster/issuance.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import {copySecret, recordFile, returnCertificate} from '../object-lines.ts';
import {everySecret, headings, step} from '../steps.ts';
import type {Condition, Phase, Step} from '../types.ts';
import {nobodyIssues} from './aside.ts';
import {canaryFiles} from './next.ts';

/** The files of the folder that are of use on the way only. */
export const wayFiles = (cluster: Cluster, issuance: Issuance): string[] => [...canaryFiles, ...certificatesOf(cluster, issuance).map(certificate => recordFile(certificate))];

/** The Issuer of the documents' name signs by the new CA from now on. */
export const caSecretStep = (cluster: Cluster, issuance: Issuance): Step => step({
	id: 'retire.ca-secret',
	phase: 'retire',
	title: `Write the new CA to Secret ${issuance.ca.secret}, so that ${issuance.issuer} signs by it`,
	docs: headings.retire,
	// The Certificate of the CA would take it for a fault.
	needs: [nobodyIssues(cluster, issuance)],
	lines: [copySecret(cluster, {from: nextCaSecret(issuance), to: issuance.ca.secret})],
	done: [{
		is: 'ca-secret', secret: issuance.ca.secret, file: 'ca.new.pem', another: false,
	}, {is: 'ready', kind: 'Issuer', name: issuance.issuer}],
	// Also in the middle of a way back it holds the new CA.
	skip: everySecret(cluster, 'ca.new.pem', true),
	limit: 'while it progresses',
});

/** The Certificates come back, unchanged, to Secrets that are as they would have them: seen not to issue again. */
export const returnStep = (cluster: Cluster, issuance: Issuance, {phase, bundle, needs}: {phase: Extract<Phase, 'prepare' | 'retire' | 'rollback'>; bundle: string; needs: Condition[]}): Step => {
	const certificates = certificatesOf(cluster, issuance);
	return step({
		id: `${phase}.certificates`,
		phase,
		title: 'Make the Certificates again, and see that cert-manager keeps the Secrets as they are',
		docs: headings[phase === 'prepare' ? 'rollback' : phase],
		needs: [{is: 'recorded', certificates}, ...needs, ...everySecret(cluster, bundle, true)],
		lines: certificates.toReversed().map(certificate => returnCertificate(certificate)),
		done: [
			...certificates.map(name => ({is: 'ready', kind: 'Certificate', name} as const)),
			...everySecret(cluster, bundle, true),
		],
		limit: 'while it progresses',
	});
};

/** The step that a rotation goes on with where cert-manager has the CA again already, and has renewed it. */
export const returnedId = 'retire.returned';

/** As `returnStep`, where the Secrets are no longer what the rotation made: those Certificates that are back are not touched. */
export const returnRest = (cluster: Cluster, issuance: Issuance): Step => {
	const certificates = certificatesOf(cluster, issuance);
	return step({
		id: returnedId,
		phase: 'retire',
		title: 'Make the rest of the Certificates again: cert-manager has renewed the CA meanwhile',
		docs: headings.retire,
		needs: [{is: 'recorded', certificates}],
		lines: certificates.toReversed().map(certificate => returnCertificate(certificate)),
		done: certificates.map(name => ({is: 'ready', kind: 'Certificate', name})),
		limit: 'while it progresses',
	});
};
