import {isSameCa, successorProblems} from '../certificates/successor.ts';
import type {CertificateFacts, PemFacts} from '../certificates/types.ts';
import {materialHash} from '../certificates/verify.ts';
import {components, partOf} from '../cluster/components.ts';
import type {BackupFacts, Observation} from '../observe/types.ts';
import {materialOf} from './annotations.ts';
import {rollbackSuffix} from './backups.ts';
import {isRolling} from './judge-roll.ts';
import {hasOpenCa, unrestarted} from './position.ts';

/** The CA of a file or bundle that holds one. */
const only = (facts: PemFacts | undefined): CertificateFacts | undefined => facts?.certificates.length === 1 ? facts.certificates[0] : undefined;

const isSuccessor = (ca: CertificateFacts, earlier: CertificateFacts | undefined): boolean =>
	earlier !== undefined && ca.fingerprint !== earlier.fingerprint && successorProblems(ca, earlier).length === 0;

/** Whether the newest backup is of the CA before it was made anew: a way back may have been tried since. */
const isOfRenewal = ({folder: {backups}}: Observation, ca: CertificateFacts): boolean =>
	isSuccessor(ca, only(backups.find(({name}) => !name.endsWith(rollbackSuffix))?.certificates['ca.pem']));

/** Whether the CA's certificate was made anew in the folder, with the key that it has, and some Secret lacks it or some pod is from before. Pure. */
export const isRenewingCa = (observation: Observation): boolean => {
	const ca = only(observation.folder.certificates['ca.pem']);
	if (!ca || hasOpenCa(observation)) {
		return false;
	}

	const bundles = Object.values(observation.secrets).map(({bundle}) => only(bundle));
	if (bundles.some(bundle => isSuccessor(ca, bundle))) {
		return true;
	}

	const isWritten = bundles.every(bundle => bundle?.fingerprint === ca.fingerprint);
	const isOnItsWay = unrestarted(observation).length > 0 || Object.values(components).some(({name}) => isRolling(observation, name));
	return isWritten && isOnItsWay && isOfRenewal(observation, ca);
};

/** Everything that a pod was made for, or is asked to be made for, by the hash that it carries. */
const marksOf = ({cluster: {spec}, pods}: Observation): Set<string> => new Set([
	...pods.map(pod => pod.material),
	...Object.values(components).map(({name}) => partOf(spec, name)?.annotations?.[materialOf(name)] ?? ''),
]);

/** The hashes of a CA's file with every leaf that is known. */
const hashesOf = ({text}: PemFacts, {folder, secrets}: Observation): string[] => {
	const files = [folder, ...folder.backups].flatMap(({certificates}) => Object.values(certificates));
	return [...files, ...Object.values(secrets).map(({leaf}) => leaf)].map(leaf => materialHash(text, leaf.text));
};

/**
Whether the way back to a backup is one between certificates of one CA, which have one key and subject: folder and Secrets have no other, and
one of them, what was backed up since, or what a pod was made for, is not the backup's.
*/
export const isSameKeyCa = (observation: Observation, {name, certificates}: BackupFacts): boolean => {
	const {folder, secrets} = observation;
	const then = only(certificates['ca.pem']);
	const present = [folder.certificates['ca.pem'], ...Object.values(secrets).map(({bundle}) => bundle)].map(facts => only(facts));
	if (!then || present.some(ca => ca === undefined || !isSameCa(ca, then))) {
		return false;
	}

	const others = folder.backups.filter(backup => {
		const ca = only(backup.certificates['ca.pem']);
		return ca !== undefined && ca.fingerprint !== then.fingerprint && isSameCa(ca, then);
	});
	const marks = marksOf(observation);
	return present.some(ca => ca?.fingerprint !== then.fingerprint)
		|| others.some(backup => backup.name > name || hashesOf(backup.certificates['ca.pem']!, observation).some(hash => marks.has(hash)));
};
