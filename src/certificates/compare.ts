import {X509Certificate} from 'node:crypto';
import {readDer} from './der.ts';
import {plainName} from './names.ts';
import type {CertificateFacts} from './types.ts';

/** What a cfssl request asks for, as far as a certificate shows it. */
export type Asked = {
	CN: string;
	hosts: string[];
	key: {algo: string; size: number};
	/** As in the request; `OID` holds further attributes. */
	names: Array<Record<string, unknown>>;
};

type Attributes = Array<[string, unknown]>;

const isRequest = (renewed: CertificateFacts | Asked): renewed is Asked => 'CN' in renewed;

/** Every attribute of a subject but CN; one that is there twice counts twice, unlike in `names` of the facts. */
const attributesOf = (renewed: CertificateFacts | Asked): Attributes => isRequest(renewed)
	? renewed.names.flatMap(({OID: others, ...name}) => [...Object.entries(name), ...Object.entries(others ?? {})] as Attributes)
	: readDer(new X509Certificate(renewed.pem).raw).subject.filter(([name]) => name !== 'CN');

const asked = (renewed: CertificateFacts | Asked) => isRequest(renewed)
	? {
		commonName: renewed.CN, sans: renewed.hosts, key: renewed.key, extendedKeyUsages: undefined,
	}
	: renewed;

/**
What a renewed leaf, or one made by a request, would lack of the old one: CN (TiDB's components check it), SANs, extended key
usages, kind of key, names. In words; empty when nothing is lost. A request does not say its usages: its profile does.
*/
export const lost = (old: CertificateFacts, renewed: CertificateFacts | Asked): string[] => {
	const now = asked(renewed);
	const sans = new Set(now.sans.map(san => plainName(san)));
	const attributes = new Set(attributesOf(renewed).map(attribute => JSON.stringify(attribute)));
	return [
		...(now.commonName === old.commonName ? [] : [`CN ${JSON.stringify(old.commonName)} (it has ${JSON.stringify(now.commonName)})`]),
		...old.sans.filter(san => !sans.has(plainName(san))).map(san => `SAN ${san}`),
		...(now.extendedKeyUsages ? old.extendedKeyUsages.filter(usage => !now.extendedKeyUsages?.includes(usage)).map(usage => `usage ${usage}`) : []),
		...(now.key.algo === old.key.algo && now.key.size === old.key.size ? [] : [`key ${old.key.algo} ${old.key.size} (it has ${now.key.algo} ${now.key.size})`]),
		...attributesOf(old).filter(attribute => !attributes.has(JSON.stringify(attribute))).map(([name, value]) => `${name}=${String(value)} in its subject`),
	];
};
