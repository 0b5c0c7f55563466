/** A time for a person, to the second: `2026-11-25 07:05:11Z`. Takes ISO 8601, UTC. */
export const moment = (time: string): string => `${time.slice(0, 19).replace('T', ' ')}Z`;

/** Its time of day: `07:05:11Z`. */
export const clock = (time: string): string => `${time.slice(11, 19)}Z`;

/** How long something took or will take, from milliseconds: `0.4 s`, `12 s`, `2 min 05 s`, `1 h 20 min`. */
export const took = (milliseconds: number): string => {
	const seconds = Math.max(0, milliseconds) / 1000;
	if (seconds < 9.95) {
		return `${seconds.toFixed(1)} s`;
	}

	const whole = Math.round(seconds);
	if (whole < 60) {
		return `${whole} s`;
	}

	const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
	return minutes < 60
		? `${minutes} min ${String(rest).padStart(2, '0')} s`
		: `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** Milliseconds between two times. */
export const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);
