import type {CertificateFacts} from '../certificates/types.ts';
import {requestSchema} from './cfssl-schema.ts';
import {readGoJson} from './go-json.ts';

/** A request as cfssl takes it, JSON as `cfssl print-defaults` lays it out. */
const requestText = (request: Record<string, unknown>): string => `${JSON.stringify(request, undefined, 4)}\n`;

/** The attributes of `names` in cfssl's words, and the serial number, which cfssl takes from another place. */
const subject = ({names}: CertificateFacts): {names: Array<Record<string, string>>; serialnumber?: string} => {
	const {emailAddress, serialNumber, ...rest} = names;
	const name = {...rest, ...(emailAddress !== undefined && {E: emailAddress})};
	return {names: Object.keys(name).length > 0 ? [name] : [], ...(serialNumber !== undefined && {serialnumber: serialNumber})};
};

/** A key as cfssl asks for it: ed25519 has no size. */
const keyRequest = ({algo, size}: CertificateFacts['key']): {algo: string; size?: number} => algo === 'ed25519' ? {algo} : {algo, size};

/** The request that makes a leaf like the live one: its CN, every SAN, its kind of key and its names. For cfssl, as JSON text. */
export const requestFromLeaf = (leaf: CertificateFacts): string => requestText({
	CN: leaf.commonName, hosts: leaf.sans, key: keyRequest(leaf.key), ...subject(leaf),
});

const hours = (milliseconds: number): string => `${Math.max(1, Math.round(milliseconds / 3_600_000))}h`;

/**
The request that makes a CA like the present one, as JSON text: CN, kind of key, names and length of life. With `ou` the new CA
gets a subject of its own (`--ca-ou`).
*/
export const caRequestFromCa = (ca: CertificateFacts, {ou}: {ou?: string} = {}): string => {
	const text = requestText({
		CN: ca.commonName, CA: {expiry: hours(Date.parse(ca.notAfter) - Date.parse(ca.notBefore))}, key: keyRequest(ca.key), ...subject(ca),
	});
	return ou === undefined ? text : withOu(JSON.parse(text), ou);
};

/**
The same CA request with another OU (`--ca-ou`), so that the new CA's subject differs from the old one's. As JSON text.
@throws when the request is none that cfssl can read (checkCaRequest says why).
*/
export const withOu = (request: unknown, ou: string): string => {
	const {value, problems} = readGoJson('ca-csr.json', requestSchema, request);
	if (!value) {
		throw new Error(problems.map(({what}) => what).join('; '));
	}

	const [first = {}, ...rest] = value.names ?? [];
	return requestText({...value, names: [{...first, OU: ou}, ...rest.map(({OU, ...others}) => others)]});
};

/**
The request with everything that the live leaf has and it lacks (`--merge-sans`), as JSON text: SANs are added after its own;
CN, key and names become the leaf's where they differ.
*/
export const mergeSans = (request: unknown, live: CertificateFacts): string => {
	const {value = {}} = readGoJson('', requestSchema, request);
	const like = JSON.parse(requestFromLeaf(live)) as Record<string, unknown>;
	return requestText({...value, ...like, hosts: [...new Set([...value.hosts ?? [], ...live.sans])]});
};
