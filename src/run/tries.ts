import type {Answers} from '../observe/shake-all.ts';
import type {Journal} from './journal.ts';

/**
Writes the tool's tries into the journal: the certificate errors that they cause in the components' logs can then be told from
others. `began` is when the first was made, ISO 8601.
*/
export const noteTries = async (journal: Journal, began: string, {handshakes, forwardsLost}: Answers): Promise<void> => journal('handshakes', {
	began,
	tries: handshakes.map(({pod, port, present, verdict, attempts, lost}) => ({
		pod, port, present, verdict, attempts, ...(lost !== undefined && {lost}),
	})),
	forwardsLost,
});
