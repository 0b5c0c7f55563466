import type {CertificateFacts} from '../certificates/types.ts';
import type {FolderFacts, Observation} from '../observe/types.ts';
import {presentCa} from './decide.ts';

/** One command of the documents' items 1 to 3, by what it does. */
export type CaPart = 'keep the certificate' | 'keep the key' | 'make' | 'name the certificate' | 'name the key' | 'combine';

/** Items 1 to 3, whole. */
export const allParts: CaPart[] = ['keep the certificate', 'keep the key', 'make', 'name the certificate', 'name the key', 'combine'];

/** How far the CA's files in the folder are, between the documents' first item and their third. */
export type CaFiles =
	| {is: 'at rest'}
	/** `start` tells how the folder looked before: the file that now holds it, by the name it had. */
	| {is: 'combined'; start: Record<string, string>}
	/** Begun and not ended, by hand or by a crash of what a person ran. `parts` are still to be done. */
	| {is: 'begun'; parts: CaPart[]; start: Record<string, string>; words: string}
	| {is: 'unclear'; words: string};

/** What is looked at. */
type Seen = Pick<Observation, 'folder' | 'secrets'>;

/** Whether a file of the folder is one of those that items 1 to 3 make or rename. */
export const isCaFile = (file: string): boolean => /^ca(?:-key)?(?:\.new|\.old)?\.pem$/v.test(file);

const contains = (bundle: CertificateFacts[], wanted: CertificateFacts): boolean => bundle.some(({fingerprint}) => fingerprint === wanted.fingerprint);

/** The certificates of the CA files, and which key file fits which certificate. */
const look = (observation: Seen) => {
	const {certificates, keys} = observation.folder;
	const inFile = (file: string): CertificateFacts[] => certificates[file]?.certificates ?? [];
	return {
		present: inFile('ca.pem'),
		old: inFile('ca.old.pem'),
		fresh: inFile('ca.new.pem'),
		live: Object.values(observation.secrets).flatMap(({bundle}) => bundle.certificates),
		fits: (file: string, ca: CertificateFacts | undefined): boolean => ca !== undefined && keys[file]?.publicKey === ca.publicKey,
	};
};

/** What each CA file is, for a person who must sort them out. */
const describe = (observation: Seen): string => {
	const {live} = look(observation);
	const signer = presentCa(observation);
	const files = Object.entries(observation.folder.certificates).filter(([file]) => isCaFile(file));
	const lines = files.map(([file, {certificates, problem}]) => {
		const each = certificates.map(ca => {
			const role = ca.fingerprint === signer?.fingerprint ? 'signed the leaves in use' : (contains(live, ca) ? 'is in a Secret' : 'is in no Secret');
			return `CA ${ca.fingerprint.slice(0, 16)} of ${ca.notBefore} (${role})`;
		});
		return `${file}: ${problem ?? each.join(' and ')}`;
	});
	return lines.join('; ');
};

/** What is left of items 2 and 3, where item 1 has been done for the certificate. */
const rest = (observation: Seen): {parts: CaPart[]; words: string} | undefined => {
	const {
		present, old, fresh, live, fits,
	} = look(observation);
	const [newest] = fresh;
	// A second rotation over one that was not retired (tidb-facts 5.A.20): ca.new.pem is still the first one's.
	const isNew = newest !== undefined && !contains(old, newest);
	if (isNew && fits('ca-key.new.pem', newest)) {
		return {parts: ['combine'], words: 'the new CA is made, but ca.pem is not both combined'};
	}

	if (isNew && fits('ca-key.pem', newest)) {
		return {parts: ['name the key', 'combine'], words: 'the new CA is made, its key is still called ca-key.pem'};
	}

	if (isNew && contains(live, newest)) {
		return undefined;
	}

	const [only] = present;
	const isMade = only !== undefined && present.length === 1 && !contains(old, only) && fits('ca-key.pem', only);
	if (isMade) {
		return {parts: ['name the certificate', 'name the key', 'combine'], words: 'the new CA is made and not yet called ca.new.pem'};
	}

	// Whatever ca.pem is now, it is going to be overwritten.
	if (present.some(ca => contains(live, ca) && !contains(old, ca))) {
		return undefined;
	}

	const isKept = !fits('ca-key.pem', old[0]) || fits('ca-key.old.pem', old[0]);
	return {
		parts: [...(isKept ? [] : ['keep the key' as const]), 'make', 'name the certificate', 'name the key', 'combine'],
		words: isNew || only !== undefined ? 'the old CA is put aside, of the new one there is no certificate with its key' : 'the old CA is put aside, a new one is not made yet',
	};
};

/** Where the folder's CA files stand. Pure. */
export const caFiles = (observation: Seen): CaFiles => {
	const {
		present, old, fresh, fits,
	} = look(observation);
	const {certificates} = observation.folder;
	if (!Object.hasOwn(certificates, 'ca.old.pem') && !Object.hasOwn(certificates, 'ca.new.pem')) {
		return {is: 'at rest'};
	}

	const signer = presentCa(observation);
	const key = ['ca-key.old.pem', 'ca-key.pem', 'ca-key.new.pem'].find(file => fits(file, old[0]));
	const start = {'ca.pem': 'ca.old.pem', ...(key !== undefined && {'ca-key.pem': key})};
	const both = [...fresh, ...old];
	const isTwo = old.length > 0 && fresh.length > 0 && fresh.every(ca => !contains(old, ca));
	if (isTwo && both.length === present.length && both.every((ca, index) => ca.fingerprint === present[index]?.fingerprint)) {
		return {is: 'combined', start};
	}

	const left = signer && contains(old, signer) ? rest(observation) : undefined;
	return left ? {is: 'begun', ...left, start} : {is: 'unclear', words: describe(observation)};
};

/** The folder as it was before items 1 to 3 were begun. */
export const asStarted = (folder: FolderFacts, start: Record<string, string>): FolderFacts => {
	const renamed = <Facts>(files: Record<string, Facts>): Record<string, Facts> => Object.fromEntries([
		...Object.entries(files).filter(([file]) => !isCaFile(file)),
		...Object.entries(start).flatMap(([name, file]) => files[file] === undefined ? [] : [[name, files[file]] as const]),
	]);
	return {...folder, certificates: renamed(folder.certificates), keys: renamed(folder.keys)};
};
