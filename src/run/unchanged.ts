import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';

const interval = 1000;

export type Watched<Thing> = {
	first: Thing;
	look: () => Promise<Thing | undefined>;
	isSame: (one: Thing, other: Thing) => boolean;
	/** How long it must stay the same, in milliseconds. */
	duration: number;
	signal?: AbortSignal | undefined;
};

/**
Whether the holder of something is dead: it would have changed its record within its duration. Our clock only measures how long
we looked; no clock is compared with another (design.md 4).
@returns true when nothing changed; false as soon as something did, or nothing is there any more.
@throws what `look` throws; an AbortError when `signal` is aborted.
*/
export const staysUnchanged = async <Thing>({first, look, isSame, duration, signal}: Watched<Thing>): Promise<boolean> => {
	const began = performance.now();
	for (;;) {
		// Looked at once more at the end: a change in the last moment counts.
		const isLast = performance.now() - began >= duration;
		const now = await look();
		if (now === undefined || !isSame(first, now)) {
			return false;
		}

		if (isLast) {
			return true;
		}

		await sleep(Math.min(interval, duration), undefined, {...(signal && {signal})});
	}
};
