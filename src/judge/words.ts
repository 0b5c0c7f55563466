import type {CertificateFacts} from '../certificates/types.ts';
import type {Cluster} from '../cluster/types.ts';
import type {SecretFacts} from '../observe/types.ts';

/** A Secret's leaf as messages name it. */
export const leafWords = ({name}: SecretFacts): string => `the certificate in Secret ${name}`;

/** A CA as messages name it. */
export const caWords = ({subject, serial}: CertificateFacts): string => `the CA ${subject} (serial ${serial})`;

/** The beginning of a fingerprint, a key id or a serial, enough to tell a few of them apart. */
export const short = (hex: string | undefined): string => hex?.slice(0, 12) ?? 'unknown';

/** `Secret a`, `Secrets a and b`, `Secrets a, b and c`. */
export const secretsNamed = (names: string[]): string =>
	names.length === 1 ? `Secret ${names[0]!}` : `Secrets ${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;

/** A command of this tool about a cluster, pasteable. */
export const commandFor = ({name, namespace, kind, side}: Cluster, command: string, ...options: string[]): string =>
	['npm run', command, '-- --cluster', name, '-n', namespace, ...(kind === undefined ? [] : ['--kind', kind]), ...(side === 'mysql' ? ['--mysql'] : []), ...options].join(' ');
