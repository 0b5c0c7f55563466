import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {dryRunSchema} from '../../../src/render/dry-run-schema.ts';

const readme = path.resolve(import.meta.dirname, '../../../README.md');

/** Every name of a field, at any depth. */
const names = (schema: unknown): string[] => {
	if (typeof schema !== 'object' || schema === null) {
		return [];
	}

	const own = 'properties' in schema ? Object.keys(schema.properties as Record<string, unknown>) : [];
	return [...own, ...Object.values(schema).flatMap(part => names(part))];
};

test('README.md names every field of the JSON', async t => {
	const text = await readFile(readme, 'utf8');
	const [, section = ''] = text.split('### The dry run as JSON', 2);
	const [table = ''] = section.split('\n## ', 1);
	const missing = names(z.toJSONSchema(dryRunSchema)).filter(name => !table.includes(`\`${name}\``));
	t.deepEqual([...new Set(missing)], []);
});
