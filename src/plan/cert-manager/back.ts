import {certificatesOf} from '../../cluster/issuance.ts';
import type {Cluster, Issuance} from '../../cluster/types.ts';
import type {BackupFacts, Observation} from '../../observe/types.ts';
import {holds} from '../judge.ts';
import {caBackup} from '../lines.ts';
import {restoreSecret} from '../object-lines.ts';
import {each, headings, step} from '../steps.ts';
import type {Step, Target} from '../types.ts';
import {asideStep, nobodyIssues, recordStep} from './aside.ts';
import {returnStep, wayFiles} from './end.ts';
import {nextNames, removeNext} from './next.ts';

/** What a way back needs besides, where cert-manager issues: before the first write, and after the folder is the backup's again. */
export type IssuanceBack = {before: Step[]; after: Step[]};

type Back = {cluster: Cluster; issuance: Issuance; observation: Observation; backup: BackupFacts};

const caSecretBack = ({cluster, issuance, backup}: Back): Step => step({
	id: 'rollback.ca-secret',
	phase: 'rollback',
	title: `Write the CA of backups/${backup.name} to Secret ${issuance.ca.secret}, so that ${issuance.issuer} signs by it`,
	docs: headings.rollback,
	needs: [nobodyIssues(cluster, issuance)],
	lines: [restoreSecret(backup.name, caBackup)],
	done: [{
		is: 'ca-secret', secret: issuance.ca.secret, file: 'ca.pem', another: false,
	}, {is: 'ready', kind: 'Issuer', name: issuance.issuer}],
	limit: 'while it progresses',
});

/** Where a way back goes on, it is not known whether the old leaves were seen. */
const servedStep = ({cluster}: Back): Step => step({
	id: 'rollback.verify',
	phase: 'rollback',
	title: 'See that every pod serves the certificate of its Secret and accepts the present client certificate',
	docs: headings.rollback,
	lines: [],
	done: each(cluster, component => ({is: 'serves', component})),
	limit: 'while it progresses',
});

const tidyStep = ({cluster, issuance}: Back): Step => {
	const files = wayFiles(cluster, issuance);
	return step({
		id: 'rollback.tidy',
		phase: 'rollback',
		title: 'Remove what was of use on the way only',
		docs: headings.rollback,
		lines: [{commands: [{stages: [['rm', '-f', ...files]]}], changes: 'files'}],
		done: [{is: 'absent', files}],
	});
};

/** Where the CA's Secret, the Certificates and what was made beside them stand. */
const stateOf = ({cluster, issuance, observation, backup}: Back) => {
	const {certificates = [], issuers = []} = observation.issuance ?? {};
	const there = new Set([...certificates, ...issuers].map(({name}) => name));
	const own = certificatesOf(cluster, issuance);
	const next = nextNames(cluster, issuance);
	const signer = observation.beside?.[issuance.ca.secret]?.leaf.certificates[0];
	const {folder: {certificates: files, keys, requests}} = observation;
	return {
		isAside: own.some(name => !there.has(name)),
		isThere: own.some(name => there.has(name)),
		unrecorded: own.filter(name => !holds({is: 'recorded', certificates: [name]}, observation).holds),
		isOtherCa: signer?.fingerprint !== backup.certificates['ca.pem']?.certificates[0]?.fingerprint,
		hasNext: [...next.Certificate, ...next.Issuer].some(name => there.has(name)) || next.Secret.some(name => observation.beside?.[name]?.exists),
		hasFiles: wayFiles(cluster, issuance).some(file => [files, keys, requests].some(one => Object.hasOwn(one, file))),
	};
};

/**
The Certificates are put aside before anything is written that is not theirs, and come back when everything is the backup's again, the CA by
which their Issuer signs too. `steps`: what the way back is without that. Pure.
*/
export const issuanceBack = (back: Back, steps: Step[]): IssuanceBack => {
	const {cluster, issuance} = back;
	const {isAside, isThere, unrecorded, isOtherCa, hasNext, hasFiles} = stateOf(back);
	const isWriting = isOtherCa || steps.some(({lines, done}) => lines.length > 0 && done.some(({is}) => is === 'secret'));
	const isReturning = isWriting || isAside;
	return {
		before: isWriting && isThere
			? [...(unrecorded.length > 0 ? [recordStep(cluster, unrecorded, 'rollback')] : []), asideStep(cluster, issuance, 'rollback')]
			: [],
		after: [
			...(isOtherCa ? [caSecretBack(back)] : []),
			...(isReturning ? [servedStep(back), returnStep(cluster, issuance, {phase: 'rollback', bundle: 'ca.pem', needs: []})] : []),
			...(hasNext ? [removeNext(cluster, issuance, 'rollback')] : []),
			...(isReturning || hasFiles ? [tidyStep(back)] : []),
		],
	};
};

/** At rest every Certificate is there; where a way back ended in its last steps, some are not. */
export const missingCertificates = (cluster: Cluster, {issuance: found}: Observation): string[] => {
	const names = found && cluster.issuance ? certificatesOf(cluster, cluster.issuance) : [];
	return names.filter(name => found!.certificates.every(one => one.name !== name));
};

/**
The step that a new rotation begins with where a way back had come to the old certificates and not to the Certificates: they are written
down, and everything is as they would have it. Undefined where none is missing, or that is not so, and where the Certificates are to issue
at once: one who asks for that has the way back to go on with.
*/
export const returnFirst = (cluster: Cluster, {route, asDocumented = false}: Target, observation: Observation): Step | undefined => {
	const {issuance} = cluster;
	if (!issuance || route !== 'new-ca' || asDocumented || missingCertificates(cluster, observation).length === 0) {
		return undefined;
	}

	const returned = returnStep(cluster, issuance, {
		phase: 'prepare', bundle: 'ca.pem', needs: [{
			is: 'ca-secret', secret: issuance.ca.secret, file: 'ca.pem', another: false,
		}],
	});
	return returned.needs.every(condition => holds(condition, observation).holds) ? returned : undefined;
};
