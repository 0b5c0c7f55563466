import type {ProbeNumbers} from '../../../src/report/numbers.ts';
import {readJournal} from '../../../src/run/journal.ts';

/** A line of a cluster folder's journal, as far as tests look at it. */
export type Entry = {time: string; event: string; step?: string; pid?: number} & Partial<ProbeNumbers>;

/** The journal of the last run in a cluster folder, or of the one with this process id: nothing where it has not begun. */
export const journalOf = async (folder: string, pid?: number): Promise<Entry[]> => {
	const entries = await readJournal(folder) as Entry[];
	const start = entries.findLastIndex(({event, pid: of}) => event === 'start' && (pid === undefined || of === pid));
	return start === -1 ? [] : entries.slice(start);
};

/** What the traffic probe of the last run counted. */
export const probeNumbersOf = async (folder: string): Promise<ProbeNumbers> => {
	const entries = await journalOf(folder);
	return {targets: entries.find(({event}) => event === 'probe')?.targets ?? []};
};
