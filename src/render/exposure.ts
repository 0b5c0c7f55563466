import type {Exposure} from '../plan/exposure.ts';

const day = (time: string): string => time.slice(0, 10);

/** What a stolen key is good for, for a person. Pure. */
export const exposureText = ({cas, leaves, keys}: Exposure): string => [
	...cas.map(({subject, serial, notAfter}) => `The key of the CA ${subject} (serial ${serial}, until ${day(notAfter)}) counts as stolen.`),
	'Whoever has it can sign more until that CA is trusted nowhere; what it has signed elsewhere cannot be seen from here.',
	`Still valid and signed by it, in the Secrets, the cluster folder, its backups and with others who were found: ${leaves.length === 0 ? 'nothing' : leaves.length}`,
	...leaves.map(({leaf: {subject, serial, notAfter}, places}) => `  ${subject} (serial ${serial}, until ${day(notAfter)}): ${places.join(', ')}`),
	`Copies of the key lie here: ${keys.length === 0 ? 'none was found' : keys.join(', ')}`,
].join('\n');

/** What is left to do about the key once its CA is retired. Pure. */
export const keysLeft = ({keys}: Exposure): string[] => [
	`${keys.length === 0 ? 'The stolen key' : `The stolen key lies in ${keys.join(', ')}, where a run has not moved or removed it, and in the backup that this run made. It`} signs nothing that anybody here trusts any more; remove every copy, and find out how it came into other hands. A rollback to that time is no way back any more.`,
];
