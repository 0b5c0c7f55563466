const first = 500;
const longest = 10_000;
const forgiven = 60_000;

/**
Decides when a process that died may be started again: after 0.5 s, then twice as long each time, 10 s at most. One that
ran for a minute begins anew.

@param clock - Gives milliseconds since 1970.
*/
export const makeBackoff = (clock: () => number = Date.now) => {
	let wait = first;
	let death = {startedAt: '', at: 0, until: 0};

	return {
		/**
		To be asked again and again after a death.

		@param startedAt - When the process that died was started, ISO 8601.
		*/
		mayStart(startedAt: string): boolean {
			const now = clock();
			if (death.startedAt !== startedAt) {
				wait = now - Date.parse(startedAt) > forgiven ? first : wait;
				death = {startedAt, at: now, until: now + wait};
				wait = Math.min(longest, wait * 2);
			}

			return now >= death.until;
		},

		/** When the last death was seen, ISO 8601. */
		diedAt: (): string => new Date(death.at).toISOString(),
	};
};
