import {z} from 'zod';
import {componentSchema} from '../cluster/component-schema.ts';

const text = z.string();
const count = z.int().nonnegative();
const hex = text.regex(/^[\da-f]+$/v);
const sha256 = text.regex(/^[\da-f]{64}$/v);
const time = z.iso.datetime();
const level = z.enum(['ok', 'warning', 'critical']);

const component = componentSchema;

/** Whole days, rounded down: -1 from the moment of expiry on. */
const days = z.int();

const ca = z.strictObject({
	subject: text,
	serial: hex,
	// Null where the certificate has no such extension.
	keyId: hex.nullable(),
	notAfter: time,
	daysLeft: days,
	fingerprint: sha256,
});

const certificate = z.strictObject({
	subject: text,
	issuer: text,
	issuerKeyId: hex.nullable(),
	serial: hex,
	notBefore: time,
	notAfter: time,
	daysLeft: days,
	fingerprint: sha256,
});

const secret = z.strictObject({
	name: text,
	component,
	exists: z.boolean(),
	issuedBy: z.enum(['cfssl folder', 'cert-manager', 'unknown']),
	certificate: certificate.nullable(),
	bundle: z.array(ca),
});

const request = z.strictObject({name: text, outcome: z.enum(['denied', 'invalid', 'failed', 'pending']), why: text});

const aside = z.strictObject({certificate: text, secret: text, notAfter: time.nullable()});

const issued = z.strictObject({
	name: text,
	secret: text,
	// What it is for: a component, a CA that signs those, or something else that the same issuer signs.
	role: z.enum(['component', 'ca', 'other']),
	component: component.nullable(),
	// `Issuer basic-tidb-issuer`.
	issuer: text,
	ready: z.boolean(),
	// Null before the first issuance, as are the times.
	revision: count.nullable(),
	notAfter: time.nullable(),
	renewalTime: time.nullable(),
	// Whether the next renewal keeps the key; null where it depends on a version that cannot be read.
	keepsKey: z.boolean().nullable(),
	failedAttempts: count,
	// When it is tried again; null where the last try has not failed.
	nextTry: time.nullable(),
	// The CertificateRequest that was refused, or is not answered yet.
	request: request.nullable(),
});

const issuance = z.strictObject({
	by: z.enum(['cert-manager', 'mixed']),
	// Whether Certificates could be read.
	known: z.boolean(),
	version: text.nullable(),
	certificates: z.array(issued),
	// Secrets whose Certificate is not there.
	aside: z.array(aside),
});

const finding = z.strictObject({
	// Stable and short: `expired`, `key-misfit`.
	code: text,
	// Critical: a connection fails already, or the next restart breaks one. Warning: nothing is broken yet.
	severity: z.enum(['warning', 'critical']),
	// Null where it is about the cluster folder, or about no single one.
	secret: text.nullable(),
	// What is wrong and where, in one sentence without a full stop; and the next move.
	what: text,
	fix: text,
});

const cluster = z.strictObject({
	kind: z.enum(['TidbCluster', 'DMCluster']),
	cluster: text,
	// Whose certificates: those between the components, or those for MySQL clients.
	side: z.enum(['components', 'mysql']),
	namespace: text,
	folder: text.nullable(),
	level,
	position: z.strictObject({
		name: z.enum(['at rest', 'begun', 'trust', 'reissue', 'old CA still trusted', 'retire', 'renewal', 'CA renewal', 'unclear']),
		why: text,
	}),
	earliestExpiry: z.strictObject({what: text, notAfter: time, daysLeft: days}).nullable(),
	rotation: z.strictObject({
		pods: count,
		secondsPerPod: z.number().positive(),
		how: z.enum(['measured', 'estimated']),
		seconds: z.number().positive(),
	}),
	due: z.strictObject({what: text, latestSafeStart: time.nullable()}),
	secrets: z.array(secret),
	// Null where cert-manager has nothing to do with it.
	issuance: issuance.nullable(),
	findings: z.array(finding),
});

/**
What `status --output json` prints. README.md describes it for people. A field may be added within format 1; a changed or removed
one makes it format 2.
*/
export const statusSchema = z.strictObject({
	format: z.literal(1),
	time,
	warnSeconds: count,
	criticalSeconds: count,
	level,
	clusters: z.array(cluster),
});

/** The same as a type. */
export type Status = z.infer<typeof statusSchema>;

export type ClusterStatus = z.infer<typeof cluster>;
export type SecretStatus = z.infer<typeof secret>;
export type IssuanceStatus = z.infer<typeof issuance>;
export type Level = z.infer<typeof level>;
