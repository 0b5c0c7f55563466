import {
	link,
	open,
	rename,
	rm,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** Where a cluster folder keeps it. Files with a dot belong to no step of the plan. */
export const lockFile = (folder: string): string => path.join(folder, '.lock');

/** A lock as it was found: its text, and when its holder touched it last (milliseconds, by whoever keeps the file). */
export type Seen = {text: string; touched: number};

/** What a lock says of its holder. */
export type LockContent = {
	holder?: string;
	/** What the holder does, in words. */
	what?: string;
	/** ISO 8601. */
	since?: string;
};

/**
Reads the lock at a path.
@returns undefined when there is none.
*/
export const readLock = async (file: string): Promise<Seen | undefined> => {
	try {
		// Opened anew each time: a network file system then tells what others wrote.
		const handle = await open(file);
		try {
			const {mtimeMs} = await handle.stat();
			return {text: await handle.readFile('utf8'), touched: mtimeMs};
		} finally {
			await handle.close();
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/** What the text says; nothing while it is being written, or when a crash cut it off. */
export const lockContent = ({text}: Seen): LockContent => {
	try {
		return JSON.parse(text) as LockContent;
	} catch {
		return {};
	}
};

/** Takes away a lock that was found dead, but no other one that came into its place meanwhile. */
export const takeAway = async (file: string, dead: Seen): Promise<void> => {
	const aside = `${file}-${process.pid}`;
	try {
		await rename(file, aside);
		const moved = await readLock(aside);
		if (moved?.text !== dead.text) {
			await link(aside, file);
		}
	} catch {
		// Somebody else took it away, or made another one: whoever asks looks again.
	}

	await rm(aside, {force: true});
};
