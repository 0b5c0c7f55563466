import {components, secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {CertificateFacts, PemFacts} from '../certificates/types.ts';
import {successorProblems} from '../certificates/successor.ts';
import {verifies} from '../certificates/verify.ts';
import type {Observation} from '../observe/types.ts';
import {asStarted} from './ca-files.ts';
import {no, unless} from './judgement.ts';
import type {Condition, Judgement} from './types.ts';

type FileCondition = Extract<Condition, {is: 'backup' | 'restored' | 'folder' | 'absent' | 'signed' | 'renewed' | 'kept' | 'secret' | 'successor' | 'verifies'}>;

const inFolder = (observation: Observation, file: string): CertificateFacts[] => observation.folder.certificates[file]?.certificates ?? [];

const isInFolder = ({folder}: Observation, file: string): boolean => [folder.certificates, folder.keys, folder.requests].some(files => Object.hasOwn(files, file));

const secretOf = (observation: Observation, component: ComponentName) => observation.secrets[secretName(observation.cluster.name, component)];

const sameCertificates = (one: CertificateFacts[], other: CertificateFacts[]): boolean =>
	one.length === other.length && one.every((certificate, index) => certificate.fingerprint === other[index]?.fingerprint);

/** Why the leaf in the folder is not signed by `by` with a key that fits; empty when it is. */
const signatureProblems = (observation: Observation, component: ComponentName, by: string): string[] => {
	const {file} = components[component];
	const [leaf] = inFolder(observation, `${file}.pem`);
	if (!leaf) {
		return [`${file}.pem is missing or cannot be read`];
	}

	const key = observation.folder.keys[`${file}-key.pem`];
	const verdict = verifies(leaf, inFolder(observation, by), observation.now);
	return [
		...(verdict.ok ? [] : [`${file}.pem is not a leaf of ${by}: ${verdict.reason}`]),
		...(key?.publicKey === leaf.publicKey ? [] : [`${file}-key.pem does not fit ${file}.pem`]),
	];
};

/** In what the leaf and key in a component's Secret differ from those in the folder. */
const leafDifferences = (observation: Observation, component: ComponentName): string[] => {
	const {file} = components[component];
	const secret = secretOf(observation, component);
	const name = secretName(observation.cluster.name, component);
	const leaf = observation.folder.certificates[`${file}.pem`];
	const key = observation.folder.keys[`${file}-key.pem`];
	return [
		...(secret?.exists && secret.leaf.digest === leaf?.digest ? [] : [`tls.crt of Secret ${name} is not ${file}.pem`]),
		...(secret?.key.publicKey !== undefined && secret.key.publicKey === key?.publicKey ? [] : [`tls.key of Secret ${name} is not ${file}-key.pem`]),
	];
};

const judgeSecret = (condition: Extract<Condition, {is: 'secret'}>, observation: Observation): Judgement => {
	const secret = secretOf(observation, condition.component);
	if (!secret?.exists) {
		return no(`Secret ${secretName(observation.cluster.name, condition.component)} does not exist`);
	}

	const {certificates} = observation.folder;
	const bundles = [condition.bundle, condition.later].flatMap(file => certificates[file ?? '']?.digest ?? []);
	return unless([
		...(bundles.includes(secret.bundle.digest) ? [] : [`ca.crt of Secret ${secret.name} is not ${condition.bundle}`]),
		...(condition.leaf ? leafDifferences(observation, condition.component) : []),
	]);
};

const judgeSuccessor = ({file, components: names}: Extract<Condition, {is: 'successor'}>, observation: Observation): Judgement => {
	const [ca, ...others] = inFolder(observation, file);
	if (!ca || others.length > 0) {
		return no(`${file} does not hold one CA`);
	}

	const earlier = names.map(component => ({name: secretName(observation.cluster.name, component), cas: secretOf(observation, component)?.bundle.certificates ?? []}));
	const behind = earlier.filter(({cas}) => !sameCertificates(cas, [ca]));
	return unless(behind.length === 0
		? [`${file} is the CA of the Secrets: it was not made anew`]
		: behind.flatMap(({name, cas}) => (cas.length === 1 ? successorProblems(ca, cas[0]!) : ['it is not one']).map(problem => `${file} is not the CA of Secret ${name} made anew: ${problem}`)));
};

const judgeBackup = ({folder}: Observation, renamed: Record<string, string> | undefined): Judgement => {
	const {certificates} = renamed ? asStarted(folder, renamed) : folder;
	const [newest] = folder.backups;
	if (!newest) {
		return no('there is no backup');
	}

	const differing = Object.entries(certificates)
		.filter(([file, facts]: [string, PemFacts]) => newest.certificates[file]?.digest !== facts.digest)
		.map(([file]) => `backups/${newest.name} has not the present ${file}`);
	return unless(differing);
};

const judgeRestored = ({backup: name, files}: Extract<Condition, {is: 'restored'}>, {folder}: Observation): Judgement => {
	const backup = folder.backups.find(candidate => candidate.name === name);
	if (!backup) {
		return no(`there is no backup ${name}`);
	}

	const isSame = (file: string): boolean => folder.certificates[file]?.digest === backup.certificates[file]?.digest && folder.keys[file]?.publicKey === backup.keys[file]?.publicKey;
	return unless(files.filter(file => !isSame(file)).map(file => `${file} is not that of backups/${name}`));
};

/** The conditions about files in the cluster folder and the Secrets that must equal them. */
export const judgeFiles = (condition: FileCondition, observation: Observation): Judgement => {
	switch (condition.is) {
		case 'backup': {
			return judgeBackup(observation, condition.renamed);
		}

		case 'restored': {
			return judgeRestored(condition, observation);
		}

		case 'folder': {
			const wanted = condition.of.flatMap(file => inFolder(observation, file));
			const isKnown = condition.of.every(file => inFolder(observation, file).length > 0);
			return unless(isKnown && sameCertificates(inFolder(observation, condition.file), wanted)
				? []
				: [`${condition.file} is not ${condition.of.join(' and ')}`]);
		}

		case 'absent': {
			return unless(condition.files.filter(file => isInFolder(observation, file)).map(file => `${file} is still there`));
		}

		case 'signed': {
			return unless(signatureProblems(observation, condition.component, condition.by));
		}

		case 'renewed': {
			return unless(condition.components.some(component => leafDifferences(observation, component).length > 0) ? [] : ['the leaves in the folder are those in the Secrets']);
		}

		case 'kept': {
			return unless(leafDifferences(observation, condition.component));
		}

		case 'secret': {
			return judgeSecret(condition, observation);
		}

		case 'successor': {
			return judgeSuccessor(condition, observation);
		}

		case 'verifies': {
			const secret = secretOf(observation, condition.component);
			const [leaf] = secret?.leaf.certificates ?? [];
			if (!secret || !leaf) {
				return no(`the leaf of ${condition.component} cannot be read from its Secret`);
			}

			const verdict = verifies(leaf, inFolder(observation, condition.by), observation.now);
			return unless(verdict.ok ? [] : [`the leaf in Secret ${secret.name} does not verify against ${condition.by}: ${verdict.reason}`]);
		}
	}
};
