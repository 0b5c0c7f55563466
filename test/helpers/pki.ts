
import {Buffer} from 'node:buffer';
import {
	createHash,
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	randomBytes,
	sign,
	X509Certificate,
} from 'node:crypto';
import {AsnConvert, OctetString} from '@peculiar/asn1-schema';
import {
	AlgorithmIdentifier,
	AttributeTypeAndValue,
	AttributeValue,
	AuthorityKeyIdentifier,
	BasicConstraints,
	Certificate,
	Extension,
	Extensions,
	ExtendedKeyUsage,
	GeneralName,
	id_ce_authorityKeyIdentifier,
	id_ce_basicConstraints,
	id_ce_extKeyUsage,
	id_ce_subjectAltName,
	id_ce_subjectKeyIdentifier,
	type KeyIdentifier,
	Name,
	RelativeDistinguishedName,
	SubjectAlternativeName,
	SubjectKeyIdentifier,
	SubjectPublicKeyInfo,
	TBSCertificate,
	Validity,
} from '@peculiar/asn1-x509';

/** A certificate and its key, PEM. */
export type Pair = {cert: string; key: string};

/** Attributes of a subject in their order: `{C: 'US', CN: 'TiDB'}`. */
type Subject = Partial<Record<'C' | 'ST' | 'L' | 'O' | 'OU' | 'CN', string>>;

type Life = {
	/** Days from now; below 0 is in the past. */
	begins?: number;
	ends?: number;
};

export type LeafOptions = Life & {
	subject?: Subject;
	sans?: string[];
	usages?: Array<'server auth' | 'client auth'>;
	/** An Authority Key Identifier, as cfssl gives where the subjects differ. */
	hasKeyId?: boolean;
};

const attributes = {
	C: '2.5.4.6', ST: '2.5.4.8', L: '2.5.4.7', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3',
};
const usageIds = {'server auth': '1.3.6.1.5.5.7.3.1', 'client auth': '1.3.6.1.5.5.7.3.2'};
const ecdsaWithSha256 = new AlgorithmIdentifier({algorithm: '1.2.840.10045.4.3.2'});
const day = 86_400_000;

const attribute = ([type, value]: [string, string]): AttributeTypeAndValue =>
	new AttributeTypeAndValue({type: attributes[type as keyof typeof attributes], value: new AttributeValue({utf8String: value})});

const nameOf = (subject: Subject): Name => new Name(Object.entries(subject).map(entry => new RelativeDistinguishedName([attribute(entry)])));

const extension = (id: string, value: unknown, critical = false): Extension => {
	const extnValue = new OctetString(AsnConvert.serialize(value));
	return new Extension({extnID: id, critical, extnValue});
};

const san = (name: string): GeneralName => new GeneralName(/^[\d.]+$|:/v.test(name) ? {iPAddress: name} : {dNSName: name});

const pem = (der: ArrayBuffer): string =>
	`-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}(?=.)/gv, '$&\n')}\n-----END CERTIFICATE-----\n`;

const inDays = (days: number): Date => new Date(Date.now() + (days * day));

type Issuer = {name: Name; keyId: KeyIdentifier};

/** By CA certificate: a CA signs many, and to parse it takes longer than to sign. */
const issuers = new Map<string, Issuer>();

/** What a certificate says of the CA that signs it, taken from the CA's certificate. */
const issuerOf = ({cert}: Pair): Issuer => {
	const known = issuers.get(cert);
	if (known) {
		return known;
	}

	const {subject, extensions = []} = AsnConvert.parse(new X509Certificate(cert).raw, Certificate).tbsCertificate;
	const {extnValue} = extensions.find(({extnID}) => extnID === id_ce_subjectKeyIdentifier)!;
	const issuer = {name: subject, keyId: AsnConvert.parse(extnValue.buffer, SubjectKeyIdentifier)};
	issuers.set(cert, issuer);
	return issuer;
};

type CaOptions = Life & {
	subject?: Subject;
	/** A Subject Key Identifier, as cfssl gives. */
	hasKeyId?: boolean;
	/** A key that is there already, PEM. */
	key?: string;
};

const make = (subject: Subject, issuer: Pair | undefined, {begins = -30, ends = 335, hasKeyId = true, ...own}: CaOptions, extensions: Extension[]): Pair => {
	const privateKey = own.key === undefined ? generateKeyPairSync('ec', {namedCurve: 'prime256v1'}).privateKey : createPrivateKey(own.key);
	const publicKey = createPublicKey(privateKey);
	const info = AsnConvert.parse(publicKey.export({type: 'spki', format: 'der'}), SubjectPublicKeyInfo);
	const keyId = createHash('sha1').update(Buffer.from(info.subjectPublicKey)).digest();
	const ownKeyId = extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId));
	const key = privateKey.export({type: 'pkcs8', format: 'pem'}).toString();
	const body = new TBSCertificate({
		version: 2,
		serialNumber: new Uint8Array([1, ...randomBytes(8)]).buffer,
		signature: ecdsaWithSha256,
		issuer: issuer ? issuerOf(issuer).name : nameOf(subject),
		validity: new Validity({notBefore: inDays(begins), notAfter: inDays(ends)}),
		subject: nameOf(subject),
		subjectPublicKeyInfo: info,
		extensions: new Extensions([...(hasKeyId ? [ownKeyId] : []), ...extensions]),
	});
	const signature = sign('sha256', Buffer.from(AsnConvert.serialize(body)), issuer?.key ?? key);
	const certificate = new Certificate({
		tbsCertificate: body, signatureAlgorithm: ecdsaWithSha256, signatureValue: new Uint8Array(signature).buffer,
	});
	return {cert: pem(AsnConvert.serialize(certificate)), key};
};

/** A CA made in this process; the subject is as the documents'. */
export const makeCa = ({subject = {C: 'US', O: 'PingCAP', CN: 'TiDB'}, ...options}: CaOptions = {}): Pair =>
	make(subject, undefined, {ends: 3620, ...options}, [extension(id_ce_basicConstraints, new BasicConstraints({cA: true}), true)]);

const usualSubject: Subject = {
	C: 'US', ST: 'CA', L: 'San Francisco', CN: 'TiDB',
};

/** A leaf signed by a CA. */
export const makeLeaf = (ca: Pair, {
	subject = usualSubject, sans = [], usages = ['server auth', 'client auth'], hasKeyId = true, ...life
}: LeafOptions = {}): Pair => {
	const uses = new ExtendedKeyUsage(usages.map(usage => usageIds[usage]));
	const names = new SubjectAlternativeName(sans.map(name => san(name)));
	const authority = new AuthorityKeyIdentifier({keyIdentifier: issuerOf(ca).keyId});
	return make(subject, ca, life, [
		extension(id_ce_extKeyUsage, uses),
		...(sans.length > 0 ? [extension(id_ce_subjectAltName, names)] : []),
		...(hasKeyId ? [extension(id_ce_authorityKeyIdentifier, authority)] : []),
	]);
};
