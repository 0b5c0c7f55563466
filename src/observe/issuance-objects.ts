import {certificateAnnotation, revisionAnnotation} from '../cluster/cert-manager.ts';
import type {
	CertificateObjectFacts,
	ConditionFacts,
	IssuanceFacts,
	IssuerFacts,
	RequestFacts,
} from './issuance-types.ts';
import type {Metadata} from './objects.ts';

type Conditions = Array<{type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string; observedGeneration?: number}>;

/** One object of cert-manager, as far as kubectl prints it; what it does not have is undefined. */
export type CertManagerObject = {
	kind: string;
	metadata: Metadata;
	spec: {
		secretName?: string;
		isCA?: boolean;
		issuerRef?: {kind?: string; name?: string; group?: string};
		duration?: string;
		renewBefore?: string;
		privateKey?: {rotationPolicy?: string};
		commonName?: string;
		dnsNames?: string[];
		ipAddresses?: string[];
		usages?: string[];
		ca?: {secretName?: string};
		selfSigned?: Record<string, unknown>;
	};
	status: {
		conditions?: Conditions;
		revision?: number;
		notBefore?: string;
		notAfter?: string;
		renewalTime?: string;
		lastFailureTime?: string;
		failedIssuanceAttempts?: number;
		failureTime?: string;
	};
};

const conditionFacts = (conditions: Conditions = []): ConditionFacts[] => conditions.map(({type, status, reason = '', message = '', lastTransitionTime = ''}) => ({
	type, status, reason, message, since: lastTransitionTime,
}));

/** `Denied: no policy allows it`. */
const conditionWords = ({reason, message}: Pick<ConditionFacts, 'reason' | 'message'>): string => [reason, message].filter(text => text !== '').join(': ');

const objectFacts = ({metadata, status: {conditions = []}}: CertManagerObject) => {
	const {generation = 0} = metadata;
	const ready = conditions.find(({type}) => type === 'Ready');
	const facts = conditionFacts(conditions);
	return {
		name: metadata.name,
		namespace: metadata.namespace ?? '',
		uid: metadata.uid,
		generation,
		created: metadata.creationTimestamp,
		labels: metadata.labels ?? {},
		annotations: metadata.annotations ?? {},
		owners: (metadata.ownerReferences ?? []).map(({kind, name}) => ({kind, name})),
		managers: [...new Set((metadata.managedFields ?? []).map(({manager}) => manager))],
		conditions: facts,
		ready: ready?.status === 'True' && (ready.observedGeneration ?? generation) >= generation,
		words: facts.filter(({type}) => type === 'Ready').map(condition => conditionWords(condition)).join(''),
	};
};

const askedFacts = ({spec}: CertManagerObject) => ({
	secretName: spec.secretName ?? '',
	isCa: spec.isCA === true,
	// Cert-manager's own defaults.
	issuer: {kind: spec.issuerRef?.kind ?? 'Issuer', name: spec.issuerRef?.name ?? '', group: spec.issuerRef?.group ?? 'cert-manager.io'},
	duration: spec.duration ?? '',
	renewBefore: spec.renewBefore ?? '',
	rotationPolicy: spec.privateKey?.rotationPolicy ?? '',
	commonName: spec.commonName ?? '',
	dnsNames: spec.dnsNames ?? [],
	ipAddresses: spec.ipAddresses ?? [],
	usages: spec.usages ?? [],
});

const certificateFacts = (object: CertManagerObject): CertificateObjectFacts => {
	const {status} = object;
	const facts = objectFacts(object);
	return {
		...facts,
		...askedFacts(object),
		...(status.revision !== undefined && {revision: status.revision}),
		notBefore: status.notBefore ?? '',
		notAfter: status.notAfter ?? '',
		renewalTime: status.renewalTime ?? '',
		issuing: facts.conditions.some(({type, status: is}) => type === 'Issuing' && is === 'True'),
		lastFailureTime: status.lastFailureTime ?? '',
		failedAttempts: status.failedIssuanceAttempts ?? 0,
	};
};

const issuerFacts = (object: CertManagerObject): IssuerFacts => {
	const {kind, spec} = object;
	return {
		...objectFacts(object),
		kind: kind === 'ClusterIssuer' ? kind : 'Issuer',
		type: spec.ca ? 'ca' : (spec.selfSigned ? 'self-signed' : 'other'),
		caSecret: spec.ca?.secretName ?? '',
	};
};

/** How a request ended; the conditions of one that was denied or is invalid say so beside Ready. */
const ending = (conditions: ConditionFacts[]): {outcome: RequestFacts['outcome']; words: string} => {
	const isTrue = (wanted: string): ConditionFacts | undefined => conditions.find(({type, status}) => type === wanted && status === 'True');
	const found = [['denied', isTrue('Denied')], ['invalid', isTrue('InvalidRequest')]] as const;
	const [outcome, told] = found.find(([, condition]) => condition) ?? [];
	const ready = conditions.find(({type}) => type === 'Ready');
	return {
		outcome: outcome ?? (ready?.reason === 'Failed' ? 'failed' : 'pending'),
		words: conditionWords(told ?? ready ?? {reason: '', message: 'nobody has approved or answered it yet'}),
	};
};

const requestFacts = (object: CertManagerObject): RequestFacts => {
	const facts = objectFacts(object);
	const revision = Number(facts.annotations[revisionAnnotation] ?? 'none');
	return {
		...facts,
		...ending(facts.conditions),
		certificate: facts.annotations[certificateAnnotation] ?? facts.owners.find(({kind}) => kind === 'Certificate')?.name ?? '',
		...(Number.isSafeInteger(revision) && {revision}),
		failureTime: object.status.failureTime ?? '',
	};
};

/** Adds an object to what is known. A request that was answered is passed over: there are many, and nothing depends on them. */
export const addObject = (facts: Pick<IssuanceFacts, 'certificates' | 'issuers' | 'requests'>, object: CertManagerObject): void => {
	switch (object.kind) {
		case 'Certificate': {
			facts.certificates.push(certificateFacts(object));
			break;
		}

		case 'Issuer':
		case 'ClusterIssuer': {
			facts.issuers.push(issuerFacts(object));
			break;
		}

		case 'CertificateRequest': {
			const request = requestFacts(object);
			if (!request.ready) {
				facts.requests.push(request);
			}

			break;
		}

		default:
	}
};
