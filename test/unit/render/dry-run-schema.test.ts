import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {dryRunSchema} from '../../../src/render/dry-run-schema.ts';
import {namesIn} from '../../helpers/schema.ts';

const readme = path.resolve(import.meta.dirname, '../../../README.md');

test('README.md names every field of the JSON', async t => {
	const text = await readFile(readme, 'utf8');
	const [, section = ''] = text.split('### The dry run as JSON', 2);
	const [table = ''] = section.split('\n## ', 1);
	const missing = namesIn(z.toJSONSchema(dryRunSchema)).filter(name => !table.includes(`\`${name}\``));
	t.deepEqual(missing, []);
});
