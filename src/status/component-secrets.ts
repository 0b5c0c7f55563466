import {secretName} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {missingSecret} from '../observe/secrets.ts';
import type {SecretFacts} from '../observe/types.ts';

/** The Secrets of a cluster's components in the documents' order; one that is not there is there as such. */
export const componentSecrets = (cluster: Cluster, secrets: Record<string, SecretFacts>): SecretFacts[] => cluster.components.map(component => {
	const name = secretName(cluster.name, component);
	return secrets[name] ?? missingSecret(name);
});

/** A Secret's leaf; undefined where it has none that can be read. */
export const leafOf = ({leaf}: SecretFacts): CertificateFacts | undefined => leaf.certificates[0];

/** The certificates of a list without doubles. */
export const distinct = (certificates: CertificateFacts[]): CertificateFacts[] => new Map(certificates.map(certificate => [certificate.fingerprint, certificate])).values().toArray();

/** A command of this tool about a cluster, pasteable. */
export const commandFor = ({name, namespace}: Cluster, command: string, ...options: string[]): string =>
	['npm run', command, '-- --cluster', name, '-n', namespace, ...options].join(' ');
