import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {verifiedData} from '../../../src/report/verify-data.ts';
import {verifiedSchema} from '../../../src/report/verify-schema.ts';
import {verifiedText} from '../../../src/report/verify-text.ts';
import {judge} from '../../../src/verify/judge.ts';
import {codes} from '../../../src/verify/types.ts';
import {evidenceOf} from '../../helpers/evidence.ts';

const readme = await readFile(path.resolve(import.meta.dirname, '../../../README.md'), 'utf8');
const section = (heading: string): string => readme.split(heading, 2)[1]!.split(/\n#{2,4} /v, 1)[0]!;

/** Every name of a field, at any depth. */
const names = (schema: unknown): string[] => {
	if (typeof schema !== 'object' || schema === null) {
		return [];
	}

	const own = 'properties' in schema ? Object.keys(schema.properties as Record<string, unknown>) : [];
	return [...own, ...Object.values(schema).flatMap(part => names(part))];
};

const withFinding = evidenceOf(({observation}) => {
	observation.inside[0]!.leafDigest = 'other';
});

test('the JSON follows its schema, with findings and without', t => {
	for (const evidence of [evidenceOf(), withFinding]) {
		const text = JSON.stringify(verifiedData(evidence, judge(evidence)));
		const {success, error} = verifiedSchema.safeParse(JSON.parse(text));
		t.true(success, error?.message);
	}
});

test('README.md names every field of the JSON', t => {
	const table = section('#### The result as JSON');
	const missing = names(z.toJSONSchema(verifiedSchema)).filter(name => !table.includes(`\`${name}\``));
	t.deepEqual([...new Set(missing)], []);
});

test('README.md says what each finding means', t => {
	const table = section('#### What it finds');
	t.deepEqual(codes.filter(code => !table.includes(`\`${code}\``)), []);
});

test('the table has a row per port', t => {
	const text = verifiedText(withFinding, judge(withFinding));
	t.is(text.split('\n').filter(line => line.startsWith('basic-') || line.startsWith('client ')).length, 15);
	t.regex(text, /^basic-pd-0 .* same +fits +NO +same /mv);
});

test('below the table stand the findings and their next moves', t => {
	const text = verifiedText(withFinding, judge(withFinding));
	t.regex(text, /1 finding:\n {2}1\. tls\.crt mounted in basic-pd-0 is not what Secret basic-pd-cluster-secret holds\n {5}→ kubelet brings it there/v);
});

test('that there are no findings is said', t => {
	const none = evidenceOf();
	t.regex(verifiedText(none, judge(none)), /\nNo findings\.\n$/v);
});
