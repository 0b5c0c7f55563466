import {
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {execaSync} from 'execa';

/** A certificate and its private key, PEM, made for a test. */
export type Made = {cert: string; key: string};

export type Wish = {
	/** As openssl takes it: `/C=US/CN=TiDB`. */
	subject?: string;
	/** As openssl takes it: `DNS:a,IP:::1`. */
	sans?: string;
	/** As `openssl genpkey` takes it. */
	key?: string[];
	/** `serverAuth,clientAuth`. */
	usages?: string;
	/** Further extensions, as lines of an openssl configuration. */
	extensions?: string[];
	/** As `YYYYMMDDHHMMSSZ`; now and a day later otherwise. */
	notBefore?: string;
	notAfter?: string;
	/** A key that is there already. */
	privateKey?: string;
};

const ecdsa = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

const time = (milliseconds: number): string => new Date(milliseconds).toISOString().replaceAll(/[\-:T]|\.\d+/gv, '');

const configuration = (folder: string, sections: string[]): string => `[ca]
default_ca = one
[one]
database = ${folder}/index.txt
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
preserve = yes
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
serialNumber = optional
emailAddress = optional
[req]
distinguished_name = name
[name]
[v3]
${sections.join('\n')}
`;

/** One certificate by openssl: self-signed, or signed by `by`. */
const make = (wish: Wish, extensions: string[], by?: Made): Made => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	const file = (name: string, text: string): string => {
		writeFileSync(path.join(folder, name), text, {mode: 0o600});
		return path.join(folder, name);
	};

	const openssl = (...arguments_: string[]): string => execaSync('openssl', arguments_, {cwd: folder}).stdout;
	try {
		const key = wish.privateKey ?? `${openssl('genpkey', ...wish.key ?? ecdsa)}\n`;
		file('key.pem', key);
		file('index.txt', '');
		const config = file('openssl.cnf', configuration(folder, [...extensions, ...wish.extensions ?? []]));
		openssl('req', '-new', '-key', 'key.pem', '-subj', wish.subject ?? '/C=US/O=PingCAP/CN=TiDB', '-out', 'request.pem', '-config', config, '-utf8');
		const signer = by ? ['-cert', file('ca.pem', by.cert), '-keyfile', file('ca-key.pem', by.key)] : ['-selfsign', '-keyfile', 'key.pem'];
		const dates = ['-startdate', wish.notBefore ?? time(Date.now() - 60_000), '-enddate', wish.notAfter ?? time(Date.now() + 86_400_000)];
		openssl('ca', '-batch', '-notext', '-config', config, '-extensions', 'v3', '-in', 'request.pem', '-out', 'cert.pem', ...signer, ...dates);
		return {cert: readFileSync(path.join(folder, 'cert.pem'), 'utf8'), key};
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};

/** A CA as cfssl makes it: with a subject key identifier, and all of one subject unless `subject` is given. */
export const makeCa = (wish: Wish = {}): Made => make(wish, ['basicConstraints = critical,CA:TRUE', 'keyUsage = critical,keyCertSign,cRLSign', 'subjectKeyIdentifier = hash']);

/** A leaf of a CA. */
export const makeLeaf = (ca: Made, wish: Wish = {}): Made => make(wish, [
	'basicConstraints = critical,CA:FALSE',
	'subjectKeyIdentifier = hash',
	'authorityKeyIdentifier = keyid',
	`extendedKeyUsage = ${wish.usages ?? 'serverAuth,clientAuth'}`,
	...(wish.sans === undefined ? [] : [`subjectAltName = ${wish.sans}`]),
], ca);

/** A private key alone. */
export const makeKey = (...arguments_: string[]): string => `${execaSync('openssl', arguments_.length > 0 ? arguments_ : ['genpkey', ...ecdsa]).stdout}\n`;
