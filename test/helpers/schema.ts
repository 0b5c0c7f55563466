/** Every name of a field in a JSON schema, at any depth, each once. */
export const namesIn = (schema: unknown): string[] => {
	if (typeof schema !== 'object' || schema === null) {
		return [];
	}

	const own = 'properties' in schema ? Object.keys(schema.properties as Record<string, unknown>) : [];
	return [...new Set([...own, ...Object.values(schema).flatMap(part => namesIn(part))])];
};
