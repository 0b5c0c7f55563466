import {lost} from '../certificates/compare.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {requestSchema, type Request} from './cfssl-schema.ts';
import {expiryProblems, lifeOf} from './expiry.ts';
import {readGoJson} from './go-json.ts';
import {suggest} from './nearest.ts';
import type {Problem} from './problem.ts';

const curves = [256, 384, 521];

/** What cfssl takes where a request has no key. */
const usualKey = {algo: 'ecdsa', size: 256};

const keyProblems = (file: string, {algo, size = 0}: {algo: string; size?: number | undefined}): Problem[] => {
	const bad = (what: string, fix: string): Problem[] => [{code: 'bad-key', what: `${file}: ${what}`, fix}];
	switch (algo) {
		case 'rsa': {
			return size >= 2048 && size <= 8192 ? [] : bad(`an RSA key of ${size} bits is refused by cfssl`, 'it makes RSA keys of 2048 to 8192 bits');
		}

		case 'ecdsa': {
			return curves.includes(size) ? [] : bad(`there is no ECDSA curve of ${size} bits`, `cfssl knows ${curves.join(', ')}`);
		}

		case 'ed25519': {
			return [];
		}

		default: {
			return bad(`cfssl does not know the key algorithm ${JSON.stringify(algo)}`, suggest(algo, ['rsa', 'ecdsa', 'ed25519']));
		}
	}
};

const isEmptySubject = ({CN = '', names = []}: Request): boolean => CN === '' && names.every(name => Object.keys(name).length === 0);

const withoutEmpty = (name: Record<string, string | undefined>): Record<string, string> =>
	Object.fromEntries(Object.entries(name).flatMap(([key, value]) => value === undefined ? [] : [[key, value]]));

/**
Checks a component's request: that cfssl can read all of it, and that a leaf made by it loses nothing of the live one (CN,
every SAN, kind of key, names). `value` is the parsed JSON; without a live leaf only the first.
*/
export const checkRequest = (file: string, value: unknown, live?: CertificateFacts): Problem[] => {
	const {value: request, problems} = readGoJson(file, requestSchema, value);
	if (!request) {
		return problems;
	}

	const {
		CN = '', hosts, key = usualKey, names = [], serialnumber,
	} = request;
	const asked = {
		CN,
		hosts: hosts ?? [],
		key: {algo: key.algo, size: key.size ?? 256},
		// The facts of a certificate have OpenSSL's words for these two.
		names: [...names.map(({E, OID, ...name}) => withoutEmpty({...name, emailAddress: E})), withoutEmpty({serialNumber: serialnumber})],
	};
	return [
		...problems,
		...keyProblems(file, key),
		...(request.ca
			? [{
				code: 'ca-section',
				what: `${file}: cfssl refuses a "ca" section in a leaf's request`,
				fix: 'remove it',
			}]
			: []),
		...(live ? lost(live, asked) : []).map(what => ({
			code: 'lost',
			what: `${file}: a certificate made by it would lack what the live one has: ${what}`,
			fix: 'add it to the file, or run with --merge-sans, which writes the file after a backup',
		})),
	];
};

/**
Checks ca-csr.json: that cfssl can read all of it, that the key is one it makes, and that `ca.expiry` is really there (else the CA
lives for five years, whatever was meant). `CA` and `ca` are the same to Go.
*/
export const checkCaRequest = (value: unknown, file = 'ca-csr.json'): Problem[] => {
	const {value: request, problems} = readGoJson(file, requestSchema, value);
	if (!request) {
		return problems;
	}

	return [
		...problems,
		...keyProblems(file, request.key ?? usualKey),
		...expiryProblems(`${file}: section ca`, request.ca ?? {}, '87600h'),
		...(isEmptySubject(request)
			? [{
				code: 'no-subject',
				what: `${file} has neither CN nor names`,
				fix: 'the documents have "CN": "TiDB"',
			}]
			: []),
	];
};

/** How long a CA made by ca-csr.json is valid, in milliseconds; undefined when checkCaRequest has problems. */
export const caLife = (value: unknown): number | undefined => lifeOf(readGoJson('', requestSchema, value).value?.ca ?? {});
