import {mkdir, writeFile} from 'node:fs/promises';
import {holderText} from '../plan/holder.ts';
import {leaseSeconds, sinceWords} from '../plan/lease.ts';
import {refused} from './errors.ts';
import {
	lockContent,
	lockFile,
	readLock,
	type Seen,
	takeAway,
} from './lock-file.ts';
import {say} from './say.ts';
import {self, standingOf} from './self.ts';
import {staysUnchanged} from './unchanged.ts';

const inUse = (folder: string, seen: Seen): string => {
	const {holder = 'an unknown process', what = 'another run', since = ''} = lockContent(seen);
	return `${folder} is in use for ${what} by ${holder} ${sinceWords(since, Date.now())}`;
};

/** Judged by its process where that is on this machine, else by whether it is touched: as the Lease. */
const isDead = async (folder: string, seen: Seen): Promise<boolean> => {
	const {holder} = lockContent(seen);
	const stands = holder === undefined ? 'elsewhere' : await standingOf(holder);
	if (stands !== 'elsewhere') {
		return stands !== 'alive';
	}

	// Without content it is being written just now, or its writer died in that moment.
	const seconds = holder === undefined ? 2 : leaseSeconds;
	say(`${inUse(folder, seen)}; looking for ${seconds} s whether that is alive`);
	return staysUnchanged({
		first: seen, look: async () => readLock(lockFile(folder)), isSame: (one, other) => one.text === other.text && one.touched === other.touched, duration: seconds * 1000,
	});
};

const unwritable = (error: unknown) => refused(`the cluster folder cannot be written: ${(error as Error).message}`, 'name another with --dir, or put its file system right');

const makeFolder = async (folder: string): Promise<void> => {
	try {
		await mkdir(folder, {recursive: true, mode: 0o700});
	} catch (error) {
		throw unwritable(error);
	}
};

const isMade = async (folder: string, text: string): Promise<boolean> => {
	try {
		await writeFile(lockFile(folder), text, {flag: 'wx', mode: 0o600});
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			return false;
		}

		throw unwritable(error);
	}
};

/**
Makes the lock of a folder, in place of one that nobody living holds. `what` says in words what is done.
@returns its text.
@throws Stopped (refused) naming the holder, or when the folder cannot be written.
*/
export const takeFolder = async (folder: string, what: string): Promise<string> => {
	const text = JSON.stringify({holder: holderText(await self()), what, since: new Date().toISOString()});
	await makeFolder(folder);
	while (!await isMade(folder, text)) {
		const seen = await readLock(lockFile(folder));
		if (seen && !await isDead(folder, seen)) {
			const present = await readLock(lockFile(folder));
			throw refused(`${inUse(folder, present ?? seen)}; nothing was changed`, 'when it has ended, run this again: it goes on from where things stand then');
		}

		await (seen && takeAway(lockFile(folder), seen));
	}

	return text;
};
