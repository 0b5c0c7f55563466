import {z} from 'zod';
import {componentSchema} from '../cluster/component-schema.ts';

const text = z.string();
const texts = z.array(text);
const count = z.int().nonnegative();
const component = componentSchema;
const hex = text.regex(/^[\da-f]+$/v);
const sha256 = text.regex(/^[\da-f]{64}$/v);
const time = z.iso.datetime();

/** A certificate as a person compares it. `example`: it was made for the dry run only, and the real run makes another. */
const certificate = z.strictObject({
	fingerprint: sha256,
	serial: hex,
	subject: text,
	issuer: text,
	// Null where the certificate has no such extension.
	keyId: hex.nullable(),
	issuerKeyId: hex.nullable(),
	notBefore: time,
	notAfter: time,
	sans: texts,
	example: z.boolean(),
});

/** Which public key belongs to a private key: its SHA-256. Nothing of the private key itself. */
const key = z.strictObject({publicKey: sha256, algo: text.nullable(), size: z.int().nullable()});

const certificates = {changed: z.boolean(), old: z.array(certificate), new: z.array(certificate)};

/** Per key of a Secret what it has and what it will have; `changed` is about its bytes. */
const secret = z.strictObject({
	name: text,
	component,
	exists: z.boolean(),
	'ca.crt': z.strictObject(certificates),
	'tls.crt': z.strictObject({...certificates, sansGained: texts, sansLost: texts}),
	'tls.key': z.strictObject({changed: z.boolean(), old: key.nullable(), new: key.nullable()}),
});

const item = z.strictObject({number: z.int(), title: text});

const command = z.strictObject({
	text: text.min(1),
	changes: z.enum(['files', 'cluster', 'nothing']),
	item: item.nullable(),
});

const step = z.strictObject({
	id: text,
	phase: z.enum(['issue', 'prepare', 'trust', 'reissue', 'retire', 'renew', 'rollback']),
	title: text,
	docs: text.nullable(),
	done: z.boolean(),
	gate: texts,
	commands: z.array(command),
	// Asked of pods over MySQL's protocol; null where nothing is.
	sql: text.min(1).nullable(),
	checks: texts,
	waitsFor: texts,
});

const program = z.strictObject({
	name: text, file: text, version: text, remark: text,
});

/** Who holds the cluster's CA or a leaf of it, and what it needs. */
const consumer = z.strictObject({
	name: text, who: z.enum(['tool', 'operator', 'you']), holds: texts, todo: texts, handled: z.boolean(),
});

const answer = z.strictObject({
	step: text, command: text, answer: text, warnings: texts,
});

/** A way to new certificates, what it costs in restarts of each pod, and whether it will do. */
const route = z.strictObject({
	option: text, restarts: count, verdict: z.enum(['chosen', 'possible', 'ruled out']), why: text,
});

/** With the reason `compromised`: what the CA's key has signed that is still valid, and where copies of the key lie. */
const exposure = z.strictObject({
	cas: z.array(z.strictObject({subject: text, serial: hex, notAfter: time})),
	leaves: z.array(z.strictObject({
		subject: text, serial: hex, notAfter: time, places: texts,
	})),
	keys: texts,
});

/** What was proved on paper of the plan's mixed states: one certificate that would be refused each. */
const unsafe = z.strictObject({
	moment: text, verifier: text, presenter: text, as: z.enum(['client', 'server']), serial: hex.nullable(), reason: text, already: z.boolean(),
});

/**
What `rotate --dry-run --output json` prints. README.md describes it for people. A field may be added within format 1; a changed
or removed one makes it format 2.
*/
export const dryRunSchema = z.strictObject({
	format: z.literal(1),
	cluster: text,
	namespace: text,
	folder: text,
	target: z.strictObject({
		route: z.enum(['new-ca', 'keep-ca', 'renew-ca']),
		// Null where nobody said it.
		reason: z.enum(['expiry', 'compromised', 'policy']).nullable(),
		retire: z.boolean(),
		until: z.enum(['trust', 'reissue']).nullable(),
		leaves: z.array(component),
		strict: z.boolean(),
		caOu: text.nullable(),
	}),
	position: z.strictObject({
		name: z.enum(['at rest', 'begun', 'trust', 'reissue', 'old CA still trusted', 'retire', 'renewal', 'CA renewal', 'unclear']),
		why: texts,
		last: text.nullable(),
		next: text.nullable(),
		done: count,
		left: count,
	}),
	routes: z.array(route),
	exposure: exposure.nullable(),
	nothingToDo: texts.nullable(),
	questions: texts,
	programs: z.array(program),
	steps: z.array(step),
	secrets: z.array(secret),
	consumers: z.array(consumer),
	unread: texts,
	serverAnswers: z.array(answer),
	proof: z.strictObject({
		moments: texts, processes: count, states: count, pairs: count, unsafe: z.array(unsafe),
	}).nullable(),
});

/** The same as a type. */
export type DryRun = z.infer<typeof dryRunSchema>;

export type ShownCertificate = z.infer<typeof certificate>;
export type SecretChange = z.infer<typeof secret>;
