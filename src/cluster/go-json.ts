import {z} from 'zod';
import {suggest} from './nearest.ts';
import type {Problem} from './problem.ts';

type Schema = z.core.$ZodType;

const shapeOf = (schema: Schema): Record<string, Schema> | undefined => {
	if (schema instanceof z.ZodOptional) {
		return shapeOf(schema.unwrap());
	}

	return schema instanceof z.ZodObject ? schema.shape : undefined;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Go matches the keys of JSON without regard to case; a person may have written `CA` or `ca`. Keys nobody knows stay. */
const likeGo = (schema: Schema, value: unknown): unknown => {
	if (schema instanceof z.ZodOptional) {
		return likeGo(schema.unwrap(), value);
	}

	if (schema instanceof z.ZodArray) {
		return Array.isArray(value) ? value.map(item => likeGo(schema.element, item)) : value;
	}

	if (!isObject(value)) {
		return value;
	}

	if (schema instanceof z.ZodRecord) {
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, likeGo(schema.valueType, item)]));
	}

	const shape = shapeOf(schema) ?? {};
	const spelling = new Map(Object.keys(shape).map(key => [key.toLowerCase(), key]));
	return Object.fromEntries(Object.entries(value).map(([key, item]) => {
		const known = spelling.get(key.toLowerCase());
		return known === undefined ? [key, item] : [known, likeGo(shape[known]!, item)];
	}));
};

const schemaAt = (schema: Schema, path: readonly PropertyKey[]): Schema => {
	const [key, ...rest] = path;
	if (schema instanceof z.ZodOptional) {
		return schemaAt(schema.unwrap(), path);
	}

	if (key === undefined) {
		return schema;
	}

	return schema instanceof z.ZodArray ? schemaAt(schema.element, rest) : schemaAt(schema instanceof z.ZodRecord ? schema.valueType : shapeOf(schema)![String(key)]!, rest);
};

const place = (file: string, path: readonly PropertyKey[]): string => path.length === 0 ? file : `${file}: ${z.core.toDotPath(path)}`;

const unknownKey = (file: string, known: readonly string[], path: readonly PropertyKey[], key: string): Problem => ({
	code: 'unknown-key',
	what: `${place(file, path)}: cfssl does not know ${JSON.stringify(key)} and passes over it without a word`,
	fix: suggest(key, known),
});

const problemsOf = (file: string, schema: Schema, issue: z.core.$ZodIssue): Problem[] => {
	if (issue.code !== 'unrecognized_keys') {
		return [{code: 'bad-json', what: `${place(file, issue.path)}: ${issue.message}`}];
	}

	const known = Object.keys(shapeOf(schemaAt(schema, issue.path)) ?? {});
	return issue.keys.map(key => unknownKey(file, known, issue.path, key));
};

/** The same value without the keys that the issues name. */
const without = (value: unknown, issues: readonly z.core.$ZodIssue[]): unknown => {
	const copy = structuredClone(value);
	for (const issue of issues) {
		let parent = copy as Record<PropertyKey, unknown>;
		for (const key of issue.path) {
			parent = parent[key] as Record<PropertyKey, unknown>;
		}

		for (const key of issue.code === 'unrecognized_keys' ? issue.keys : []) {
			Reflect.deleteProperty(parent, key);
		}
	}

	return copy;
};

/**
Reads a JSON value as cfssl (Go) reads it, but says everything that cfssl would pass over in silence: unknown keys with what
was probably meant, and values of the wrong type with their place.
@returns the value with its keys spelt as the schema spells them, without unknown ones; undefined when a type is wrong.
*/
export const readGoJson = <T extends z.ZodType>(file: string, schema: T, value: unknown): {value?: z.output<T>; problems: Problem[]} => {
	const spelt = likeGo(schema, value);
	const result = schema.safeParse(spelt);
	if (result.success) {
		return {value: result.data, problems: []};
	}

	const {issues} = result.error;
	const problems = issues.flatMap(issue => problemsOf(file, schema, issue));
	return issues.every(({code}) => code === 'unrecognized_keys')
		? {value: schema.parse(without(spelt, issues)), problems}
		: {problems};
};
