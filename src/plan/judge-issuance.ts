import {components, secretName} from '../cluster/components.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {verifies} from '../certificates/verify.ts';
import type {IssuanceFacts} from '../observe/issuance-types.ts';
import type {Observation, SecretFacts} from '../observe/types.ts';
import type {IssuanceCondition} from './issuance-condition.ts';
import {no, unless} from './judgement.ts';
import {recordFile} from './object-lines.ts';
import type {Judgement} from './types.ts';

type Of<Kind extends IssuanceCondition['is']> = Extract<IssuanceCondition, {is: Kind}>;

const inFolder = ({folder}: Observation, file: string): CertificateFacts[] => folder.certificates[file]?.certificates ?? [];

const secretNamed = ({secrets, beside}: Observation, name: string): SecretFacts | undefined => {
	const secret = secrets[name] ?? beside?.[name];
	return secret?.exists ? secret : undefined;
};

const leafOf = (secret: SecretFacts | undefined): CertificateFacts | undefined => secret?.leaf.certificates[0];

const isThere = (issuance: IssuanceFacts, observation: Observation, {kind, name}: {kind: Of<'gone'>['kind']; name: string}): boolean => {
	const lists = {Certificate: issuance.certificates, Issuer: issuance.issuers};
	return kind === 'Secret' ? secretNamed(observation, name) !== undefined : lists[kind].some(one => one.name === name);
};

const judgeReady = ({kind, name}: Of<'ready'>, {certificates, issuers}: IssuanceFacts): Judgement => {
	const certificate = certificates.find(one => one.name === name);
	const found = kind === 'Certificate' ? certificate : issuers.find(one => one.name === name);
	if (!found) {
		return no(`${kind} ${name} does not exist`);
	}

	return unless([
		...(found.ready ? [] : [`${kind} ${name} is not Ready${found.words === '' ? '' : `: ${found.words}`}`]),
		...(certificate?.issuing ? [`${kind} ${name} is being issued`] : []),
	]);
};

const nameIn = (value: unknown): unknown => (value as {metadata?: {name?: unknown}} | undefined)?.metadata?.name;

/** Why a Secret's leaf is not signed by one of these CAs with a key that fits; empty when it is. */
const leafProblems = (name: string, cas: CertificateFacts[], by: string, observation: Observation): string[] => {
	const secret = secretNamed(observation, name);
	const leaf = leafOf(secret);
	if (!secret || !leaf) {
		return [`Secret ${name} does not exist, or holds no certificate`];
	}

	const verdict = verifies(leaf, cas, observation.now);
	return [
		...(verdict.ok ? [] : [`the certificate in Secret ${name} is not one of ${by}: ${verdict.reason}`]),
		...(secret.key.publicKey === leaf.publicKey ? [] : [`tls.key of Secret ${name} does not fit its tls.crt`]),
	];
};

const judgeAlike = ({secret, as}: Of<'alike'>, observation: Observation): Judgement => {
	const [one, other] = [secret, as].map(name => leafOf(secretNamed(observation, name)));
	return unless(one !== undefined && one.fingerprint === other?.fingerprint ? [] : [`Secret ${secret} does not hold the certificate of Secret ${as}`]);
};

const judgeAnew = ({component, signer: by}: Of<'anew'>, observation: Observation): Judgement => {
	const name = secretName(observation.cluster.name, component);
	const signer = leafOf(secretNamed(observation, by));
	const [before] = inFolder(observation, `${components[component].file}.pem`);
	const leaf = leafOf(secretNamed(observation, name));
	const problems = leafProblems(name, signer ? [signer] : [], `the CA in Secret ${by}`, observation);
	return unless(problems.length === 0 && leaf?.fingerprint === before?.fingerprint ? [`Secret ${name} still holds the certificate that it had`] : problems);
};

const judgeCaSecret = ({secret, file, another}: Of<'ca-secret'>, observation: Observation): Judgement => {
	const signer = leafOf(secretNamed(observation, secret));
	if (!signer) {
		return no(`Secret ${secret} does not exist, or holds no certificate`);
	}

	const isSame = inFolder(observation, file)[0]?.fingerprint === signer.fingerprint;
	return unless(isSame === another ? [`Secret ${secret} ${another ? 'still holds' : 'does not hold'} the CA in ${file}`] : []);
};

const judgeOther = ({secret: name, bundle, by}: Of<'other'>, observation: Observation): Judgement => {
	const digest = observation.folder.certificates[bundle]?.digest;
	const secret = secretNamed(observation, name);
	return unless([
		...(digest !== undefined && secret?.bundle.digest === digest ? [] : [`ca.crt of Secret ${name} is not ${bundle}`]),
		...leafProblems(name, inFolder(observation, by), by, observation),
	]);
};

/** The conditions about cert-manager's objects and the Secrets that it issues. */
export const judgeIssuance = (condition: IssuanceCondition, observation: Observation): Judgement => {
	const {issuance} = observation;
	if (!issuance) {
		return no('cert-manager was not asked');
	}

	switch (condition.is) {
		case 'ready': {
			return judgeReady(condition, issuance);
		}

		case 'gone': {
			const {kind, names} = condition;
			return unless(names.filter(name => isThere(issuance, observation, {kind, name})).map(name => `${kind} ${name} is there`));
		}

		case 'recorded': {
			const {requests} = observation.folder;
			return unless(condition.certificates.filter(name => nameIn(requests[recordFile(name)]?.value) !== name).map(name => `${recordFile(name)} is not Certificate ${name}`));
		}

		case 'unowned': {
			return unless(condition.secrets.flatMap(name => {
				const owners = secretNamed(observation, name)?.owners ?? [];
				return owners.map(owner => `Secret ${name} belongs to ${owner.kind} ${owner.name}, and would go with it`);
			}));
		}

		case 'issued': {
			return unless(leafProblems(condition.secret, inFolder(observation, condition.by), condition.by, observation));
		}

		case 'alike': {
			return judgeAlike(condition, observation);
		}

		case 'anew': {
			return judgeAnew(condition, observation);
		}

		case 'ca-secret': {
			return judgeCaSecret(condition, observation);
		}

		case 'other': {
			return judgeOther(condition, observation);
		}
	}
};
