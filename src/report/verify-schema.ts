import {z} from 'zod';
import {componentSchema} from '../cluster/component-schema.ts';
import {codes, proofs} from '../verify/types.ts';

const text = z.string();
const component = componentSchema;
const port = z.int().positive();

const cell = z.strictObject({result: z.enum(['yes', 'no', 'unknown', 'none']), how: text});

const cells = Object.fromEntries(proofs.map(proof => [proof, cell])) as Record<typeof proofs[number], typeof cell>;

const row = z.strictObject({
	component,
	secret: text,
	// Null in the row of the cluster client certificate, which no port serves.
	pod: text.nullable(),
	port: port.nullable(),
	use: text.nullable(),
	proofs: z.strictObject(cells),
});

const finding = z.strictObject({
	code: z.enum(codes),
	proof: z.enum(proofs).nullable(),
	component: component.nullable(),
	pod: text.nullable(),
	port: port.nullable(),
	what: text,
	fix: text,
});

/**
What `verify --output json` prints. README.md describes it for people. A field, proof or code may be added within format 1; a changed
or removed one makes it format 2.
*/
export const verifiedSchema = z.strictObject({
	format: z.literal(1),
	cluster: text,
	namespace: text,
	folder: text,
	time: z.iso.datetime(),
	logsSince: z.iso.datetime(),
	ports: z.array(row),
	findings: z.array(finding),
	notes: z.array(text),
});

/** The same as a type. */
export type VerifiedData = z.infer<typeof verifiedSchema>;
