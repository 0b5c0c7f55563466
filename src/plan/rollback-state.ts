import {
	components,
	partOf,
	secretName,
	withGuests,
} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {CertificateFacts, PemFacts} from '../certificates/types.ts';
import {bundleHash, materialHash} from '../certificates/verify.ts';
import type {
	BackupFacts,
	Observation,
	PodFacts,
	SecretFacts,
} from '../observe/types.ts';
import {materialOf} from './annotations.ts';
import {backupTime} from './backups.ts';
import {podsOf} from './judge-roll.ts';
import {running} from './steps.ts';

/** What the way back depends on, as folder, Secrets and pods show it. Pure facts. */
export type RollbackState = {
	/** The CAs of now are those of the backup: only leaves go back. */
	sameCa: boolean;
	/** The folder has the backup's CA as ca.old.pem, beside a new one. */
	isOpen: boolean;
	/** Leaves of the time after the backup were made, and may be in use. */
	hadNewLeaves: boolean;
	/** Every Secret and every pod has the backup's CA among its own. */
	oldTrusted: boolean;
	/** The folder's leaves are the backup's. */
	oldLeavesHere: boolean;
	/** Every Secret has the backup's leaf, and every pod was made for it. */
	oldLeavesUsed: boolean;
	/** Every Secret is the backup's. */
	secretsOld: boolean;
	/** Components with pods that were made for something else than the backup. */
	restart: ComponentName[];
	/** Discovery was restarted for other CAs than the backup's. */
	hasOtherDiscovery: boolean;
	/** Discovery may have started when PD's Secret lacked the backup's CA. */
	mayDiscoveryLack: boolean;
	/** The folder is the backup's. */
	folderOld: boolean;
};

const holds = (bundle: PemFacts | undefined, cas: CertificateFacts[]): boolean => bundle !== undefined
	&& cas.length > 0 && cas.every(ca => bundle.certificates.some(({fingerprint}) => fingerprint === ca.fingerprint));

const defined = (facts: Array<PemFacts | undefined>): PemFacts[] => facts.filter(one => one !== undefined);

const hashes = (bundles: PemFacts[], leaves: PemFacts[]): Set<string> => new Set(bundles.flatMap(bundle => leaves.map(leaf => materialHash(bundle.text, leaf.text))));

/** A pod that was made since its Secret was last written started with that, whatever the operator had been asked for by then. */
const asStarted = (pod: PodFacts, secret: SecretFacts | undefined): PodFacts => secret?.exists && secret.changed !== '' && pod.created >= secret.changed
	? {...pod, material: secret.material}
	: pod;

const factsOf = (observation: Observation, cluster: Cluster, backup: BackupFacts, component: ComponentName) => {
	const {folder, secrets, pods} = observation;
	const file = `${components[component].file}.pem`;
	const secret = secrets[secretName(cluster.name, component)];
	const oldCa = backup.certificates['ca.pem'];
	const oldLeaf = backup.certificates[file];
	const later = folder.backups.filter(({name}) => name > backup.name);
	const leaves = defined([folder.certificates[file], secret?.leaf, oldLeaf, ...folder.backups.map(({certificates}) => certificates[file])]);
	const bundles = defined([folder.certificates['ca.pem'], folder.certificates['ca.old.pem'], oldCa, secret?.bundle]);
	const ever = [...bundles, ...defined([folder.certificates['ca.new.pem'], ...later.map(({certificates}) => certificates['ca.pem'])])];
	const withOld = bundles.filter(bundle => holds(bundle, oldCa?.certificates ?? []));
	const asked = partOf(observation.cluster.spec, component)?.annotations?.[materialOf(component)] ?? '';
	return {
		secret,
		oldCa,
		oldLeaf,
		pods: podsOf({...observation, pods}, component).map(pod => asStarted(pod, secret)),
		asked,
		/** Leaves of the time after the backup. */
		newer: defined([folder.certificates[file], secret?.leaf, ...later.map(({certificates}) => certificates[file])]).filter(({digest}) => digest !== oldLeaf?.digest),
		trusting: hashes(withOld, leaves),
		/** Whatever the Secret may have held since, the backup's CA was in it. */
		isAlwaysTrusted: ever.every(bundle => holds(bundle, oldCa?.certificates ?? [])),
		withOldLeaf: hashes(bundles, defined([oldLeaf])),
		old: hashes(defined([oldCa]), defined([oldLeaf])),
	};
};

/** A pod from before the first restart of ours carries no hash. It loaded what was there when it was made. */
const wasMadeFor = (pod: PodFacts, known: Set<string>, since: string): boolean => known.has(pod.material) || (pod.material === '' && pod.created <= since);

/**
Whether a pod started with what it was made for. One that came into being by itself since, and before its Secret was given that again, may have
started with anything that the Secret held meanwhile.
*/
const isSure = ({material, made, created}: PodFacts, secret: SecretFacts | undefined, since: string): boolean =>
	made !== undefined || created <= since || material !== secret?.material || created >= secret.changed;

/** Discovery from before our first restart of it carries no hash: it started with what was there then. */
const isOtherDiscovery = ({discovery}: Observation, oldCa: PemFacts | undefined): boolean =>
	discovery !== undefined && discovery.ca !== '' && oldCa !== undefined && discovery.ca !== bundleHash(oldCa.text);

/** What the way back to a backup depends on. Pure. */
export const rollbackState = (observation: Observation, cluster: Cluster, backup: BackupFacts): RollbackState => {
	const {folder} = observation;
	const since = backupTime(backup);
	const all = withGuests(cluster).map(component => ({component, ...factsOf(observation, cluster, backup, component)}));
	const oldCa = backup.certificates['ca.pem'];
	const isMadeFor = (pod: PodFacts, known: Set<string>, secret: SecretFacts | undefined): boolean => isSure(pod, secret, since) && wasMadeFor(pod, known, since);
	const isRunning = ({component}: {component: ComponentName}): boolean => running(cluster).includes(component);
	// A way back takes them only when every process trusts their CA again, and from then on no Secret lacks it.
	const oldLeavesHere = cluster.components.every(component => {
		const file = `${components[component].file}.pem`;
		return folder.certificates[file]?.digest === backup.certificates[file]?.digest;
	});
	return {
		sameCa: folder.certificates['ca.pem']?.digest === oldCa?.digest,
		isOpen: folder.certificates['ca.old.pem']?.digest === oldCa?.digest && 'ca.new.pem' in folder.certificates,
		hadNewLeaves: all.some(({newer}) => newer.length > 0),
		oldTrusted: all.every(({secret, pods, trusting, isAlwaysTrusted}) => holds(secret?.bundle, oldCa?.certificates ?? [])
			&& pods.every(pod => isAlwaysTrusted || ((oldLeavesHere || isSure(pod, secret, since)) && wasMadeFor(pod, trusting, since)))),
		oldLeavesHere,
		oldLeavesUsed: all.every(({secret, oldLeaf, pods, withOldLeaf}) => secret?.leaf.digest === oldLeaf?.digest && pods.every(pod => isMadeFor(pod, withOldLeaf, secret))),
		secretsOld: all.every(({secret, oldLeaf}) => secret?.leaf.digest === oldLeaf?.digest && secret?.bundle.digest === oldCa?.digest),
		restart: all
			.filter(one => isRunning(one))
			.filter(({pods, old, asked, secret}) => pods.some(pod => !isMadeFor(pod, old, secret)) || (cluster.takesUp === undefined && asked !== '' && !old.has(asked)))
			.map(({component}) => component),
		hasOtherDiscovery: isOtherDiscovery(observation, oldCa),
		mayDiscoveryLack: observation.discovery !== undefined && all.some(({component, isAlwaysTrusted}) => component === 'pd' && !isAlwaysTrusted)
			&& observation.pods.some(({component, created}) => component === 'discovery' && created > since),
		folderOld: Object.entries(backup.certificates).every(([file, {digest}]) => folder.certificates[file]?.digest === digest)
			&& Object.entries(backup.keys).every(([file, {publicKey}]) => folder.keys[file]?.publicKey === publicKey)
			&& Object.keys({...folder.certificates, ...folder.keys}).every(file => Object.hasOwn(backup.certificates, file) || Object.hasOwn(backup.keys, file)),
	};
};
