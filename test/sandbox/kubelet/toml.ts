const header = /^\s*\[[^\]]*\]+\s*(?:#.*)?$/v;

/**
Set keys of one section of a TOML text, in place of what it says about them. TOML forbids a section or a key twice, so
appending is not enough. Values that we replace stand on one line in what an operator writes.

@param text - The whole file.
@param section - The section's name; empty for the keys before the first section.
@param values - Key to value as TOML writes it, quotes included.
*/
export const setToml = (text: string, section: string, values: Record<string, string>): string => {
	const lines = text === '' ? [] : text.replace(/\n$/v, '').split('\n');
	const ours = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
	const title = `[${section}]`;
	const start = section === '' ? 0 : lines.findIndex(line => line.trim() === title) + 1;
	if (section !== '' && start === 0) {
		return [...lines, title, ...ours, ''].join('\n');
	}

	const length = lines.slice(start).findIndex(line => header.test(line));
	const end = length === -1 ? lines.length : start + length;
	const kept = lines.slice(start, end).filter(line => !Object.hasOwn(values, line.split('=', 1)[0]!.trim()));
	return [...lines.slice(0, start), ...ours, ...kept, ...lines.slice(end), ''].join('\n');
};

/** The strings of a setting that holds one string or a list of them, in whatever section; none if it is not there. */
export const tomlStrings = (text: string, key: string): string[] => {
	const value = new RegExp(String.raw`^\s*${key}\s*=\s*(?<value>\[[^\]]*\]|.*)$`, 'mv').exec(text)?.groups?.value ?? '';
	const quoted = value.match(/"[^"]*"|'[^']*'/gv) ?? [];
	return quoted.map(word => word.slice(1, -1));
};
