import {components, secretName} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {CertificateFacts, KeyFacts, PemFacts} from '../certificates/types.ts';
import type {FolderFacts, Observation, SecretFacts} from '../observe/types.ts';
import type {Plan} from '../plan/types.ts';
import type {SecretChange, ShownCertificate} from './dry-run-schema.ts';

/** The file whose bytes stand in a component's `ca.crt` at the end of the plan; undefined when its Secret is not written. */
const lastBundle = ({steps, from}: Plan, component: ComponentName): string | undefined => steps.slice(from)
	.flatMap(step => step.lines.length > 0 ? step.done : [])
	.flatMap(condition => condition.is === 'secret' && condition.component === component ? [condition.bundle] : [])
	.at(-1);

/** What is in the folder, a backup or a Secret before the plan: whatever is not was made for the dry run. */
const knownBefore = ({folder, secrets}: Observation): Set<string> => {
	const held = [...[folder, ...folder.backups].flatMap(({certificates}) => Object.values(certificates)), ...Object.values(secrets).flatMap(({leaf, bundle}) => [leaf, bundle])];
	return new Set(held.flatMap(({certificates}) => certificates.map(({fingerprint}) => fingerprint)));
};

const shown = ({certificates}: PemFacts, known: Set<string>): ShownCertificate[] => certificates.map((certificate: CertificateFacts) => ({
	fingerprint: certificate.fingerprint,
	serial: certificate.serial,
	subject: certificate.subject,
	issuer: certificate.issuer,
	keyId: certificate.subjectKeyId ?? null,
	issuerKeyId: certificate.authorityKeyId ?? null,
	notBefore: certificate.notBefore,
	notAfter: certificate.notAfter,
	sans: certificate.sans,
	example: !known.has(certificate.fingerprint),
}));

const shownKey = ({publicKey}: KeyFacts, {certificates}: PemFacts): SecretChange['tls.key']['old'] => {
	const kind = certificates.find(certificate => certificate.publicKey === publicKey)?.key;
	return publicKey === undefined ? null : {publicKey, algo: kind?.algo ?? null, size: kind?.size ?? null};
};

/** DNS names are the same in any case. */
const missingIn = (sans: string[], others: string[]): string[] => {
	const there = new Set(others.map(san => san.toLowerCase()));
	return sans.filter(san => !there.has(san.toLowerCase()));
};

type Content = Pick<SecretFacts, 'leaf' | 'key' | 'bundle'>;

const nothing: Content = {leaf: {certificates: [], text: '', digest: ''}, key: {}, bundle: {certificates: [], text: '', digest: ''}};

const contentAfter = (component: ComponentName, bundle: string, {certificates, keys}: FolderFacts): Content => {
	const {file} = components[component];
	return {
		leaf: certificates[`${file}.pem`] ?? nothing.leaf,
		key: keys[`${file}-key.pem`] ?? nothing.key,
		bundle: certificates[bundle] ?? nothing.bundle,
	};
};

const contentOf = (secret: SecretFacts | undefined): Content => secret?.exists ? secret : nothing;

type Two = {name: string; component: ComponentName; secret: SecretFacts | undefined; renewed: Content; known: Set<string>};

const changeOf = ({name, component, secret, renewed, known}: Two): SecretChange => {
	const old = contentOf(secret);
	const sans = (content: Content): string[] => content.leaf.certificates[0]?.sans ?? [];
	return {
		name,
		component,
		exists: secret?.exists ?? false,
		'ca.crt': {changed: old.bundle.digest !== renewed.bundle.digest, old: shown(old.bundle, known), new: shown(renewed.bundle, known)},
		'tls.crt': {
			changed: old.leaf.digest !== renewed.leaf.digest,
			old: shown(old.leaf, known),
			new: shown(renewed.leaf, known),
			sansGained: missingIn(sans(renewed), sans(old)),
			sansLost: missingIn(sans(old), sans(renewed)),
		},
		'tls.key': {changed: old.key.publicKey !== renewed.key.publicKey, old: shownKey(old.key, old.leaf), new: shownKey(renewed.key, renewed.leaf)},
	};
};

/**
What the plan would change in each Secret, key by key, as plain data without key bytes. `after` is the folder as the plan would
leave it, before it is put in order. Pure.
*/
export const secretChanges = (plan: Plan, before: Observation, after: FolderFacts): SecretChange[] => {
	const known = knownBefore(before);
	return plan.cluster.components.map(component => {
		const name = secretName(plan.cluster.name, component);
		const secret = before.secrets[name];
		const bundle = lastBundle(plan, component);
		return changeOf({
			name, component, secret, renewed: bundle === undefined ? contentOf(secret) : contentAfter(component, bundle, after), known,
		});
	});
};

/** The same between two looks at the cluster: what did change. Pure. */
export const changesBetween = (cluster: Cluster, before: Observation, after: Observation): SecretChange[] => {
	const known = knownBefore(before).union(knownBefore(after));
	return cluster.components.map(component => {
		const name = secretName(cluster.name, component);
		return changeOf({
			name, component, secret: before.secrets[name], renewed: contentOf(after.secrets[name]), known,
		});
	});
};
