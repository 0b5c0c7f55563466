import {secretName} from '../../cluster/components.ts';
import {markedBy} from '../../cluster/cert-manager.ts';
import type {Cluster, ComponentName} from '../../cluster/types.ts';
import type {
	CertificateObjectFacts,
	IssuanceFacts,
	IssuerFacts,
	Unread,
} from '../../observe/issuance-types.ts';
import type {SecretFacts} from '../../observe/types.ts';
import {componentSecrets} from '../held.ts';
import {secretsNamed} from '../words.ts';

/** Who issues what one Secret holds. */
export type SecretIssuance = {
	component: ComponentName;
	secret: SecretFacts;
	by: 'cfssl' | 'cert-manager';
	/** How that is known, in words that follow `as`. */
	why: string;
	/** The Certificate that issues it, or has issued it, by name. */
	certificate?: string;
	/** It was issued by a Certificate that is not there: nobody renews it. Not told where Certificates may not be read. */
	isAside: boolean;
};

export type ClusterIssuance = {by: 'cfssl' | 'cert-manager' | 'mixed'; secrets: SecretIssuance[]};

/** Where Secrets are looked at. */
export type Looked = {cluster: Cluster; secrets: Record<string, SecretFacts>; issuance?: IssuanceFacts | undefined};

/** Whether objects of a kind were read, so that one which is not among them is not there. */
export const knows = (issuance: IssuanceFacts | undefined, kind: Unread['kind']): boolean =>
	issuance?.unread.every(one => one.kind !== kind) ?? false;

const issuanceOfSecret = (component: ComponentName, secret: SecretFacts, issuance: IssuanceFacts | undefined): SecretIssuance => {
	const naming = issuance?.certificates.find(certificate => certificate.secretName === secret.name);
	const marked = markedBy(secret);
	const base = {component, secret, isAside: false};
	if (naming) {
		return {
			...base, by: 'cert-manager', why: `Certificate ${naming.name} names it`, certificate: naming.name,
		};
	}

	return marked === undefined
		? {...base, by: 'cfssl', why: 'nothing names a Certificate'}
		: {
			...base, by: 'cert-manager', why: `it says that Certificate ${marked} has issued it`, certificate: marked, isAside: knows(issuance, 'Certificate'),
		};
};

/**
Who issues the certificates of a cluster: by the Certificates that name its Secrets, and by what cert-manager has written there. A
Secret that is not there and that nothing names says nothing.
*/
export const issuanceOf = ({cluster, secrets: all, issuance}: Looked): ClusterIssuance => {
	const secrets = componentSecrets(cluster, all).map((secret, index) => issuanceOfSecret(cluster.components[index]!, secret, issuance));
	const found = new Set(secrets.filter(({secret, by}) => secret.exists || by === 'cert-manager').map(({by}) => by));
	const [by = 'cfssl'] = found;
	return {by: found.size > 1 ? 'mixed' : by, secrets};
};

/**
Whether cert-manager renews all of a cluster's certificates by itself: the cluster folder may then have earlier ones without a fault, as
a rotation takes them anew.
*/
export const isRenewedAlone = (looked: Looked): boolean => {
	const {by, secrets} = issuanceOf(looked);
	return by === 'cert-manager' && secrets.every(({isAside}) => !isAside);
};

/** Who issues which of the Secrets, where there are two who do. */
export const mixedWords = ({name}: Cluster, {secrets}: ClusterIssuance): string => {
	const present = secrets.filter(({secret, by}) => secret.exists || by === 'cert-manager');
	const own = present.filter(({by}) => by === 'cert-manager');
	return [
		`the certificates of TidbCluster ${name} come from two sides:`,
		`${own.map(({secret, why}) => `Secret ${secret.name} is cert-manager's (${why})`).join(', ')},`,
		`and nothing says so of ${secretsNamed(present.filter(({by}) => by === 'cfssl').map(({secret}) => secret.name))}`,
	].join(' ');
};

/** `Issuer basic-tidb-issuer`. */
export const issuerWords = ({issuer: {kind, name}}: CertificateObjectFacts): string => `${kind} ${name}`;

/** The Issuer that a Certificate names, of cert-manager's own kinds. */
export const issuerOf = ({issuer}: CertificateObjectFacts, {issuers}: IssuanceFacts): IssuerFacts | undefined =>
	issuers.find(({kind, name}) => issuer.group === 'cert-manager.io' && kind === issuer.kind && name === issuer.name);

/** A Certificate that concerns a cluster: of a component, of a CA that signs these, or of what these CAs sign besides. */
export type Concerned = {certificate: CertificateObjectFacts; role: 'component' | 'ca' | 'other'; component?: ComponentName};

/** The Certificates that concern a cluster: the components' in the documents' order, their CAs, then what the same Issuers sign besides. */
export const concerned = ({cluster, issuance}: Pick<Looked, 'cluster' | 'issuance'>): Concerned[] => {
	if (!issuance) {
		return [];
	}

	const {certificates} = issuance;
	const components = cluster.components.flatMap(component => certificates
		.filter(certificate => certificate.secretName === secretName(cluster.name, component))
		.map(certificate => ({certificate, role: 'component' as const, component})));
	const issuers = new Set(components.map(({certificate}) => issuerWords(certificate)));
	// A ClusterIssuer's Secret is in cert-manager's own namespace.
	const signing = new Set(components.map(({certificate}) => issuerOf(certificate, issuance)).filter(issuer => issuer?.kind === 'Issuer').map(issuer => issuer!.caSecret));
	const cas = certificates.filter(certificate => signing.has(certificate.secretName));
	const own = new Set([...components.map(({certificate}) => certificate), ...cas]);
	return [
		...components,
		...cas.map(certificate => ({certificate, role: 'ca' as const})),
		...certificates.filter(certificate => !own.has(certificate) && issuers.has(issuerWords(certificate))).map(certificate => ({certificate, role: 'other' as const})),
	];
};
