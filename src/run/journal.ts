import {appendFile, readFile} from 'node:fs/promises';
import path from 'node:path';

/** Explains afterwards what happened; nothing is ever decided by it (design.md 1, position). */
export type Journal = (event: string, facts?: Record<string, unknown>) => Promise<void>;

/** Where a cluster folder keeps it. */
export const journalFile = (folder: string): string => path.join(folder, 'journal.ndjson');

/** A journal of one JSON object per line in the cluster folder. Facts must not hold keys. */
export const openJournal = (folder: string): Journal => async (event, facts = {}) => {
	await appendFile(journalFile(folder), `${JSON.stringify({time: new Date().toISOString(), event, ...facts})}\n`, {mode: 0o600});
};

/** One line of a journal: what happened, when (ISO 8601), and its facts. */
export type JournalEntry = {time: string; event: string} & Record<string, unknown>;

const entryIn = (line: string): JournalEntry[] => {
	try {
		return [JSON.parse(line) as JournalEntry];
	} catch {
		// The last line of a run that was killed may be cut off.
		return [];
	}
};

/** What a cluster folder's journal holds, oldest first; nothing where there is none, or none that may be read. */
export const readJournal = async (folder: string): Promise<JournalEntry[]> => {
	const text = await readFile(journalFile(folder), 'utf8').catch(() => '');
	return text.split('\n').filter(Boolean).flatMap(line => entryIn(line));
};
