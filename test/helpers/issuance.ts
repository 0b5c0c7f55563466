import type {
	CertificateObjectFacts,
	IssuanceFacts,
	IssuerFacts,
	RequestFacts,
} from '../../src/observe/issuance-types.ts';
import type {IssuanceQuestion} from '../../src/judge/issuance/types.ts';
import type {Observation, SecretFacts} from '../../src/observe/types.ts';
import {cluster, makeMaterial, observationOf} from './observation.ts';

const day = 86_400_000;

/** A time so many days away from another one, as the API server writes it. */
export const daysFrom = (time: number | string, days: number): string => new Date(new Date(time).getTime() + (days * day)).toISOString().replace(/\.\d+Z$/v, 'Z');

const object = (name: string, time: string) => ({
	name,
	namespace: cluster.namespace,
	uid: `uid-${name}`,
	generation: 1,
	created: time,
	labels: {},
	annotations: {},
	owners: [],
	managers: [],
	conditions: [{
		type: 'Ready', status: 'True', reason: 'Ready', message: 'up to date', since: time,
	}],
	ready: true,
	words: 'Ready: up to date',
});

/** The documents' Certificate of what a Secret holds. */
const certificateOf = ({name: secretName, leaf: {certificates}}: SecretFacts): CertificateObjectFacts => {
	const [leaf] = certificates;
	return {
		...object(secretName, leaf!.notBefore),
		secretName,
		isCa: false,
		issuer: {kind: 'Issuer', name: 'basic-tidb-issuer', group: 'cert-manager.io'},
		duration: '8760h0m0s',
		renewBefore: '360h0m0s',
		rotationPolicy: '',
		commonName: leaf!.commonName,
		dnsNames: leaf!.sans.filter(name => /[a-z]/v.test(name) && !name.includes(':')),
		ipAddresses: leaf!.sans.filter(name => !/[a-z]/v.test(name) || name.includes(':')),
		usages: leaf!.extendedKeyUsages,
		revision: 3,
		notBefore: leaf!.notBefore,
		notAfter: leaf!.notAfter,
		renewalTime: daysFrom(leaf!.notAfter, -15),
		issuing: false,
		lastFailureTime: '',
		failedAttempts: 0,
	};
};

const issuerOf = (name: string, rest: Pick<IssuerFacts, 'type' | 'caSecret'>): IssuerFacts => ({...object(name, '2026-01-01T00:00:00Z'), kind: 'Issuer', ...rest});

/** Cert-manager's objects as the documents make them, for what a cluster's Secrets hold; the Secrets get its annotations. */
export const issuanceFor = ({secrets}: Pick<Observation, 'secrets'>): IssuanceFacts => {
	const all = Object.values(secrets);
	const [ca] = all[0]!.bundle.certificates;
	for (const secret of all) {
		secret.annotations = {'cert-manager.io/certificate-name': secret.name, 'cert-manager.io/issuer-name': 'basic-tidb-issuer', 'cert-manager.io/issuer-kind': 'Issuer'};
	}

	return {
		certificates: [...all.map(secret => certificateOf(secret)), {
			...certificateOf(all[0]!),
			...object('basic-ca', ca!.notBefore),
			secretName: 'basic-ca-secret',
			isCa: true,
			issuer: {kind: 'Issuer', name: 'basic-selfsigned-ca-issuer', group: 'cert-manager.io'},
			duration: '87600h0m0s',
			renewBefore: '720h0m0s',
			dnsNames: [],
			ipAddresses: [],
			notBefore: ca!.notBefore,
			notAfter: ca!.notAfter,
			renewalTime: daysFrom(ca!.notAfter, -30),
			revision: 1,
		}],
		issuers: [issuerOf('basic-selfsigned-ca-issuer', {type: 'self-signed', caSecret: ''}), issuerOf('basic-tidb-issuer', {type: 'ca', caSecret: 'basic-ca-secret'})],
		requests: [],
		unread: [],
		version: 'v1.11.5',
	};
};

export type Question = IssuanceQuestion & {issuance: IssuanceFacts};

/** A Certificate by its name. */
export const certificateNamed = ({certificates}: IssuanceFacts, name: string): CertificateObjectFacts => certificates.find(one => one.name === name)!;

/** A request for the next revision of a Certificate, which was not answered. */
export const requestFor = ({name, revision = 0}: CertificateObjectFacts, created: string, change: Partial<RequestFacts> = {}): RequestFacts => ({
	...object(`${name}-${revision + 1}`, created),
	certificate: name,
	revision: revision + 1,
	outcome: 'denied',
	words: 'policy: nobody may',
	failureTime: created,
	ready: false,
	conditions: [],
	...change,
});

let made: ReturnType<typeof makeMaterial> | undefined;

/** What is asked of a cluster that cert-manager looks after, with nothing wrong, and what a test changes. */
export const questionOf = (change: (question: Question) => void = () => undefined): Question => {
	made ??= makeMaterial();
	const {secrets, now} = observationOf(made);
	const question: Question = {
		cluster, secrets, issuance: issuanceFor({secrets}), now, within: 30 * day,
	};
	change(question);
	return question;
};
