/* What the objects of cert-manager (cert-manager.io/v1) say, as plain data. Times are ISO 8601; '' is what an object does not say. */

export type ConditionFacts = {
	type: string;
	status: string;
	reason: string;
	message: string;
	/** When it became so. */
	since: string;
};

type ObjectFacts = {
	name: string;
	/** '' of a ClusterIssuer. */
	namespace: string;
	uid: string;
	/** Changes with the object's spec. */
	generation: number;
	created: string;
	labels: Record<string, string>;
	annotations: Record<string, string>;
	owners: Array<{kind: string; name: string}>;
	managers: string[];
	conditions: ConditionFacts[];
	/** The condition Ready is True, and of the present spec. */
	ready: boolean;
	/** The reason and message of the condition Ready. */
	words: string;
};

/** Whom a Certificate names as its issuer. */
export type IssuerReference = {kind: string; name: string; group: string};

/** A Certificate: what is asked for, and how far cert-manager has come. */
export type CertificateObjectFacts = ObjectFacts & {
	secretName: string;
	isCa: boolean;
	issuer: IssuerReference;
	/** Go's notation, `8760h0m0s`; '' leaves it to cert-manager: 90 days, and a third of the life before its end. */
	duration: string;
	renewBefore: string;
	/** `Never` keeps the key, `Always` makes another one; '' leaves it to cert-manager's version. */
	rotationPolicy: string;
	commonName: string;
	dnsNames: string[];
	ipAddresses: string[];
	/** Usages of the key and of the certificate, in cert-manager's words, which are cfssl's: `server auth`. */
	usages: string[];
	/** How often it was issued; undefined before the first time. */
	revision?: number;
	/** Of the certificate that cert-manager sees in the Secret. */
	notBefore: string;
	notAfter: string;
	renewalTime: string;
	/** Cert-manager is at it: the condition Issuing is True. */
	issuing: boolean;
	/** Where the last try has failed. */
	lastFailureTime: string;
	/** Tries that have failed one after the other. */
	failedAttempts: number;
};

/** An Issuer or ClusterIssuer. */
export type IssuerFacts = ObjectFacts & {
	kind: 'Issuer' | 'ClusterIssuer';
	type: 'ca' | 'self-signed' | 'other';
	/** The Secret by whose CA it signs; '' where it signs by none. */
	caSecret: string;
};

/** A CertificateRequest that was not, or not yet, answered by a certificate. */
export type RequestFacts = ObjectFacts & {
	certificate: string;
	revision?: number;
	outcome: 'denied' | 'invalid' | 'failed' | 'pending';
	failureTime: string;
};

/** What of cert-manager could not be read, and why. */
export type Unread = {kind: 'Certificate' | 'Issuer' | 'ClusterIssuer' | 'CertificateRequest'; why: 'forbidden' | 'not installed'};

/** Cert-manager's objects of one namespace, with the ClusterIssuers. */
export type IssuanceFacts = {
	certificates: CertificateObjectFacts[];
	issuers: IssuerFacts[];
	requests: RequestFacts[];
	unread: Unread[];
	/** That of the controller, such as `v1.11.5`; undefined where it was not asked for, or cannot be read. */
	version?: string;
};
