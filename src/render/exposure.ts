import type {Exposure} from '../plan/exposure.ts';

const day = (time: string): string => time.slice(0, 10);

/** What a stolen key is good for, for a person. Pure. */
export const exposureText = ({cas, staying, leaves, keys}: Exposure): string => [
	...cas.map(({subject, serial, notAfter}) => `The key of the CA ${subject} (serial ${serial}, until ${day(notAfter)}) counts as stolen.`),
	...staying.map(({subject, serial}) => `If it is the key of the CA that stays, ${subject} (serial ${serial}), this run does not help: add --new.`),
	'Whoever has it can sign more until that CA is trusted nowhere; what it has signed elsewhere cannot be seen from here.',
	`Still valid and signed by it, in the Secrets, the cluster folder, its backups and with others who were found: ${leaves.length === 0 ? 'nothing' : leaves.length}`,
	...leaves.map(({leaf: {subject, serial, notAfter}, places}) => `  ${subject} (serial ${serial}, until ${day(notAfter)}): ${places.join(', ')}`),
	`Copies of the key lie here: ${keys.length === 0 ? 'none was found' : keys.join(', ')}`,
].join('\n');

/** The run takes the key out of these places itself: what is there afterwards is the new CA's. */
const isTakenAway = (place: string): boolean => place.startsWith('Secret/') || (!place.includes('/backups/') && /\/ca-key(?:\.old)?\.pem$/v.test(place));

/** What is left to do about the key once its CA is retired. Pure. */
export const keysLeft = ({keys}: Exposure): string[] => {
	const places = ['the backup that this run made', ...keys.filter(place => !isTakenAway(place))];
	return [
		`The stolen key lies in ${places.join(', ')}. It signs nothing any more that this cluster trusts: remove it there, and find out how it was lost.`,
		'A rollback to a backup of its CA would trust it again.',
	];
};
