import {setTimeout as sleep} from 'node:timers/promises';

/**
Look until something is there, at most `limit` milliseconds.

@returns the first truthy answer.
@throws Error that says what was waited for.
*/
export const until = async <T>(what: string, look: () => Promise<T | undefined | false>, limit = 60_000): Promise<T> => {
	const end = Date.now() + limit;
	while (Date.now() < end) {
		const found = await look().catch(() => undefined);
		if (found !== undefined && found !== false) {
			return found;
		}

		await sleep(100);
	}

	throw new Error(`not seen within ${limit / 1000} s: ${what}`);
};
