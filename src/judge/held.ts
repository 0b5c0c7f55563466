import {secretName} from '../cluster/components.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {missingSecret} from '../observe/secrets.ts';
import type {Observation, SecretFacts} from '../observe/types.ts';

/** A component's Secret, where it is there, and the first certificate of its tls.crt, where that can be read. */
export type Held = {component: ComponentName; secret: SecretFacts; leaf?: CertificateFacts};

/** Where Secrets are looked at. */
type Seen = {cluster: Cluster; observation: Pick<Observation, 'secrets'>};

/** The Secrets of a cluster's components in the documents' order; one that is not there is there as such. */
export const componentSecrets = (cluster: Cluster, secrets: Record<string, SecretFacts>): SecretFacts[] => cluster.components.map(component => {
	const name = secretName(cluster.name, component);
	return secrets[name] ?? missingSecret(name);
});

/** A Secret's leaf; undefined where it has none that can be read. */
export const leafOf = ({leaf}: SecretFacts): CertificateFacts | undefined => leaf.certificates[0];

/** What the cluster's Secrets hold; one that is missing is another finding's. */
export const heldBy = ({cluster, observation}: Seen): Held[] => componentSecrets(cluster, observation.secrets).flatMap((secret, index) => {
	const leaf = leafOf(secret);
	return secret.exists ? [{component: cluster.components[index]!, secret, ...(leaf && {leaf})}] : [];
});

/** The same, of those that hold a leaf. */
export const leavesOf = (seen: Seen): Array<Required<Held>> => heldBy(seen).flatMap(({leaf, ...held}) => leaf ? [{...held, leaf}] : []);

/** The certificates of a list without doubles. */
export const distinct = (certificates: CertificateFacts[]): CertificateFacts[] => new Map(certificates.map(certificate => [certificate.fingerprint, certificate])).values().toArray();
