import {secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import type {SecretFacts} from '../observe/types.ts';
import type {Evidence} from './types.ts';

/** A component's Secret, where it is there, and the first certificate of its tls.crt, where that can be read. */
export type Held = {component: ComponentName; secret: SecretFacts; leaf?: CertificateFacts};

/** What the cluster's Secrets hold; one that is missing is another finding's. */
export const heldBy = ({cluster, observation}: Evidence): Held[] => cluster.components.flatMap(component => {
	const secret = observation.secrets[secretName(cluster.name, component)];
	const leaf = secret?.leaf.certificates[0];
	return secret?.exists ? [{component, secret, ...(leaf && {leaf})}] : [];
});

/** The same, of those that hold a leaf. */
export const leavesOf = (evidence: Evidence): Array<Required<Held>> => heldBy(evidence).flatMap(({leaf, ...held}) => leaf ? [{...held, leaf}] : []);

/** The beginning of a fingerprint, a key id or a serial, enough to tell a few of them apart. */
export const short = (hex: string | undefined): string => hex?.slice(0, 12) ?? 'unknown';

/** `Secret a`, `Secrets a and b`, `Secrets a, b and c`. */
export const secretsNamed = (names: string[]): string =>
	names.length === 1 ? `Secret ${names[0]!}` : `Secrets ${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
