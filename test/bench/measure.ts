/** What one part of the bench found out. */
export type Row = {
	what: string;
	/** In words: `412 ms`, `0.71`. */
	value: string;
	/** The most that it may be; without one it is only told. */
	target?: string;
	missed?: boolean;
};

/** The middle one, or the mean of the two in the middle. */
export const median = (values: number[]): number => {
	const sorted = values.toSorted((one, other) => one - other);
	const half = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** How long something takes, in milliseconds. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
	const started = performance.now();
	await work();
	return performance.now() - started;
};

/**
Measures two things in turn, each first in every other pair, so that what else the machine does meets both alike. A first pair
does not count: it fills caches.
@returns the milliseconds of each, pair by pair.
*/
export const pairs = async (count: number, one: () => Promise<number>, other: () => Promise<number>): Promise<Array<[one: number, other: number]>> => {
	const found: Array<[number, number]> = [];
	for (let round = 0; round <= count; round++) {
		let first: number;
		let second: number;
		if (round % 2 === 0) {
			first = await one();
			second = await other();
		} else {
			second = await other();
			first = await one();
		}

		if (round > 0) {
			found.push([first, second]);
		}
	}

	return found;
};

/** `412 ms`, or from ten seconds on `12.3 s`. */
export const words = (milliseconds: number): string => milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
