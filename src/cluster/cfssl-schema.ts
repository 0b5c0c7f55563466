import {z} from 'zod';

// What this tool does not judge may be there, and is left to cfssl.
const anything = z.unknown().optional();
const text = z.string().optional();

const profile = z.strictObject({
	expiry: text,
	backdate: text,
	usages: z.array(z.string()).optional(),
	ca_constraint: z.strictObject({is_ca: z.boolean().optional(), max_path_len: anything, max_path_len_zero: anything}).optional(),
	remote: text,
	auth_remote: z.strictObject({remote: text, auth_key: text}).optional(),
	not_before: anything,
	not_after: anything,
	issuer_urls: anything,
	ocsp_url: anything,
	crl_url: anything,
	ocsp_no_check: anything,
	auth_key: anything,
	copy_extensions: anything,
	prev_auth_key: anything,
	name_whitelist: anything,
	policies: anything,
	ct_log_servers: anything,
	allowed_extensions: anything,
	cert_store: anything,
	lint_error_level: anything,
	ignored_lints: anything,
	ignored_lint_sources: anything,
});

const signing = z.strictObject({
	default: profile.optional(),
	profiles: z.record(z.string(), profile).optional(),
});

/** Ca-config.json as cfssl 1.6 reads it (config/config.go). */
export const configSchema = z.strictObject({
	signing, ocsp: anything, auth_keys: anything, remotes: anything,
});

const name = z.strictObject({
	C: text, ST: text, L: text, O: text, OU: text, E: text, SerialNumber: text, OID: z.record(z.string(), z.string()).optional(),
});

const names = z.array(name).optional();
const hosts = z.array(z.string()).nullish();

/** A request as cfssl 1.6 reads it (csr/csr.go): of a leaf, or of a CA, which alone may have a `ca` section. */
export const requestSchema = z.strictObject({
	CN: text,
	names,
	hosts,
	key: z.strictObject({algo: z.string(), size: z.number().int().optional()}).optional(),
	ca: z.strictObject({
		expiry: text, backdate: text, pathlen: z.number().int().optional(), pathlenzero: z.boolean().optional(),
	}).optional(),
	serialnumber: text,
	delegation_enabled: anything,
	extensions: anything,
	crl_url: text,
});

export type Profile = z.output<typeof profile>;
export type Request = z.output<typeof requestSchema>;
