import {microservices, specWords} from '../cluster/components.ts';
import {certificatesOf} from '../cluster/issuance.ts';
import type {Cluster} from '../cluster/types.ts';
import type {CertificateObjectFacts} from '../observe/issuance-types.ts';
import type {
	FolderFacts,
	Observation,
	SecretFacts,
	TidbClusterFacts,
	Writer,
} from '../observe/types.ts';
import {materials, restartedAt} from './annotations.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The dotted paths at which two JSON values differ. */
const differingPaths = (one: unknown, other: unknown, path: string): string[] => {
	if (isObject(one) && isObject(other)) {
		const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
		return keys.flatMap(key => differingPaths(one[key], other[key], `${path}.${key}`));
	}

	return JSON.stringify(one) === JSON.stringify(other) ? [] : [path];
};

const stampNames = new Set([restartedAt, ...materials]);

/** A spec without what the restarts of a rotation write into it. */
const withoutStamps = (spec: Json): Json => Object.fromEntries(Object.entries(spec).map(([component, part]) => {
	if (!isObject(part) || !isObject(part.annotations)) {
		return [component, part];
	}

	const {annotations, ...rest} = part;
	const others = Object.entries(annotations).filter(([name]) => !stampNames.has(name));
	return [component, others.length === 0 ? rest : {...rest, annotations: Object.fromEntries(others)}];
}));

/** `kubectl-patch (Update, 2026-01-01T00:00:00Z)`: whoever wrote that part since; without a trace of that, who wrote it last. */
const byWhom = (before: Writer[], now: Writer[], part: string): string => {
	const known = new Set(before.map(writer => JSON.stringify(writer)));
	const writers = now.filter(({parts}) => parts.includes(part)).toSorted((one, other) => one.time.localeCompare(other.time));
	const since = writers.filter(writer => !known.has(JSON.stringify(writer)));
	const named = since.length > 0 ? since : writers.slice(-1);
	const words = named.map(({manager, operation, time}) => `${manager} (${operation}, ${time})`);
	return words.length === 0 ? ', by whom cannot be told' : ` by ${words.join(', ')}`;
};

const secretChange = (before: SecretFacts, now: SecretFacts): string[] => {
	if (!now.exists) {
		return before.exists ? [`Secret ${now.name} was deleted`] : [];
	}

	if (!before.exists) {
		return [`Secret ${now.name} was created${byWhom([], now.writers, 'data')}`];
	}

	const keys = differingPaths(before.digests, now.digests, 'data').map(path => path.replace('data.', ''));
	const words = [...keys.length > 0 ? [keys.join(', ')] : [], ...before.immutable === now.immutable ? [] : ['immutable']];
	return words.length === 0 ? [] : [`Secret ${now.name}: ${words.join(', ')} changed${byWhom(before.writers, now.writers, keys.length > 0 ? 'data' : 'immutable')}`];
};

/** A path as the object has it: PD's microservices are observed as if each had a field of its own, and are in a list there. */
const asWritten = (path: string): string => {
	const service = microservices.find(name => path === `spec.${name}` || path.startsWith(`spec.${name}.`));
	return service === undefined ? path : `${specWords(service)}${path.slice(`spec.${service}`.length)}`;
};

const shownPaths = 4;

const clusterChange = (before: TidbClusterFacts, now: TidbClusterFacts, stamps: boolean): string[] => {
	if (before.uid === '') {
		// Its first certificates are made before it is.
		return [];
	}

	if (before.uid !== now.uid) {
		return [`${now.kind} ${now.name} is another one now: its uid was ${before.uid} and is ${now.uid}`];
	}

	const [one, other] = [before.spec, now.spec].map(spec => stamps ? spec : withoutStamps(spec));
	const paths = differingPaths(one, other, 'spec').map(path => asWritten(path));
	const shown = [...paths.slice(0, shownPaths), ...paths.length > shownPaths ? [`${paths.length - shownPaths} more`] : []];
	return paths.length === 0 ? [] : [`${now.kind} ${now.name}: ${shown.join(', ')} changed${byWhom(before.writers, now.writers, 'spec')}`];
};

const managersOf = ({managers}: CertificateObjectFacts): string => managers.length === 0 ? 'whom cannot be told' : managers.join(', ');

/** Certificates that were put aside and are there again. */
export const certificatesAgain = ({issuance: before}: Observation, {issuance: now}: Observation, cluster: Cluster): string[] => {
	const [one, other] = [before, now].map(facts => new Set(facts?.certificates.map(({name}) => name)));
	return before && cluster.issuance ? certificatesOf(cluster, cluster.issuance).filter(name => !one!.has(name) && other!.has(name)) : [];
};

/** Certificates that were put back, or taken away, or are other ones now: cert-manager would write over what a rotation has written. */
const certificateChanges = ({issuance: before}: Observation, {issuance: now}: Observation, cluster: Cluster | undefined): string[] => {
	if (!before || !now || !cluster?.issuance) {
		return [];
	}

	return certificatesOf(cluster, cluster.issuance).flatMap(name => {
		const [one, other] = [before, now].map(({certificates}) => certificates.find(certificate => certificate.name === name));
		if (!one || !other) {
			return one === other ? [] : [other ? `Certificate ${name} was made again, by ${managersOf(other)}` : `Certificate ${name} was deleted`];
		}

		return one.uid === other.uid && one.generation === other.generation ? [] : [`Certificate ${name} was changed, by ${managersOf(other)}`];
	});
};

/**
What others changed of Secrets and TidbCluster between two observations, in words, each with who did it (managedFields). Labels and
annotations of the objects, and the TidbCluster's status, do not count: they change nothing that a pod loads. With `stamps` the
restarts that were asked for count as well; with a `cluster` of cert-manager's its Certificates, too.
*/
export const foreignChanges = (before: Observation, now: Observation, {stamps, cluster}: {stamps: boolean; cluster?: Cluster}): string[] => [
	...certificateChanges(before, now, cluster),
	...Object.values(now.secrets).flatMap(secret => secretChange(before.secrets[secret.name]!, secret)),
	...clusterChange(before.cluster, now.cluster, stamps),
];

const filesOf = ({certificates, keys, requests}: FolderFacts): Json => ({
	...Object.fromEntries(Object.entries(certificates).map(([file, {digest}]) => [file, digest])),
	...keys,
	...requests,
});

/** The files of the cluster folder that are others than before, in words. */
export const changedFiles = ({folder: before}: Observation, {folder: now}: Observation): string[] => {
	const [one, other] = [filesOf(before), filesOf(now)];
	const files = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(file => JSON.stringify(one[file]) !== JSON.stringify(other[file]));
	return files.length === 0 ? [] : [`${now.path}: ${files.toSorted().join(', ')} changed`];
};
