const units: Record<string, number> = {
	ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000,
};

const part = /(?:\d+(?:\.\d*)?|\.\d+)(?:ns|[mu\u{B5}\u{3BC}]?s|m|h)/gvy;

/**
Reads a duration as Go's time.ParseDuration does, which is what cfssl uses: `8760h`, `1h30m`, `1.5h`. There are no days.
@returns milliseconds; undefined when Go would refuse it.
*/
export const parseGoDuration = (text: string): number | undefined => {
	const unsigned = text.replace(/^[+\-]/v, '');
	if (unsigned === '0') {
		return 0;
	}

	// Sticky: the parts follow each other without a gap, so together they must be the whole text.
	const parts = unsigned.match(part) ?? [];
	if (unsigned === '' || parts.join('') !== unsigned) {
		return undefined;
	}

	let sum = 0;
	for (const one of parts) {
		const unit = one.replace(/^[\d.]+/v, '');
		sum += Number(one.slice(0, -unit.length)) * units[unit]!;
	}

	return text.startsWith('-') ? -sum : sum;
};

const hour = 3_600_000;

/** The same for a person: `365 d`, `24 h`, `10 min`, `30 s`; the largest unit that leaves no needless fraction. */
export const spellDuration = (milliseconds: number): string => {
	const steps: Array<[number, string]> = [[24 * hour, 'd'], [hour, 'h'], [60_000, 'min'], [1000, 's']];
	const [size, unit] = steps.find(([size]) => milliseconds >= 2 * size) ?? [1000, 's'];
	return `${Math.round(milliseconds / size)} ${unit}`;
};
