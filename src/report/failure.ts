/** What a person reads when something failed that no check expected: the program's own words, never an inspected error. */
export const explain = (error: unknown): string => {
	const message = error instanceof Error ? error.message : String(error);
	return `\n${message}\n`;
};
