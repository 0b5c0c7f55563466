import {appendFile} from 'node:fs/promises';
import path from 'node:path';

/** Explains afterwards what happened; nothing is ever decided by it (design.md 1, position). */
export type Journal = (event: string, facts?: Record<string, unknown>) => Promise<void>;

/** Where a cluster folder keeps it. */
export const journalFile = (folder: string): string => path.join(folder, 'journal.ndjson');

/** A journal of one JSON object per line in the cluster folder. Facts must not hold keys. */
export const openJournal = (folder: string): Journal => async (event, facts = {}) => {
	await appendFile(journalFile(folder), `${JSON.stringify({time: new Date().toISOString(), event, ...facts})}\n`, {mode: 0o600});
};
