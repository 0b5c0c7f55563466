/**
A component's configuration with settings added to its `[security]` section.

The real operator reads TOML and writes it again; this adds lines, and leaves a setting that is there already alone.

@param config - TOML, as a person wrote it into spec.<component>.config.
@param settings - Keys and values of `[security]`; the values are written as TOML strings.
@returns TOML.
*/
export function withSecurity(config: string, settings: Record<string, string>): string {
	const lines = config.split('\n');
	const start = lines.findIndex(line => line.trim() === '[security]');
	const section = start === -1 ? [] : lines.slice(start + 1, sectionEnd(lines, start + 1));
	const added = Object.entries(settings)
		.filter(([key]) => section.every(line => line.split('=', 1)[0]?.trim() !== key))
		.map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
	return start === -1 ? [config.trimEnd(), '[security]', ...added, ''].join('\n').trimStart() : lines.toSpliced(start + 1, 0, ...added).join('\n');
}

function sectionEnd(lines: string[], from: number): number {
	const end = lines.findIndex((line, index) => index >= from && line.trimStart().startsWith('['));
	return end === -1 ? lines.length : end;
}
