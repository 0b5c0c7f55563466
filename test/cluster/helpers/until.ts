import {setTimeout as sleep} from 'node:timers/promises';

/**
Looks again and again until there is an answer.

@param what - for the message.
@param look - one look.
@param limit - milliseconds.
@returns what `look` found: neither undefined nor false.
@throws Error when the time is over.
*/
export const until = async <T>(what: string, look: () => Promise<T | undefined | false>, limit = 60_000): Promise<T> => {
	const end = Date.now() + limit;

	for (;;) {
		const found = await look();
		if (found !== undefined && found !== false) {
			return found;
		}

		if (Date.now() > end) {
			throw new Error(`not seen within ${limit / 1000} s: ${what}`);
		}

		await sleep(100);
	}
};
