import type {CertificateFacts} from '../certificates/types.ts';
import {kindOf, objectWords} from '../cluster/kinds.ts';
import {datedOf} from '../judge/expiry.ts';
import {componentSecrets, heldBy, leafOf} from '../judge/held.ts';
import {issuanceOf} from '../judge/issuance/detect.ts';
import type {FolderFacts, SecretFacts} from '../observe/types.ts';
import {caDue} from '../plan/ca-due.ts';
import type {Position} from '../plan/place.ts';
import {type Due, dueOf} from './due.ts';
import {dueWords} from './due-words.ts';
import {
	type Finding,
	issuanceFindings,
	type Judged,
	secretFindings,
} from './findings.ts';
import {issuanceStatus} from './issuance-status.ts';
import {issuedBy} from './issued-by.ts';
import type {Restarted} from './restart-time.ts';
import type {ClusterStatus, Level, SecretStatus} from './schema.ts';

/** Milliseconds before the latest safe start. */
export type Limits = {warn: number; critical: number};

export type StatusInput = Judged & {
	limits: Limits;
	folder: FolderFacts;
	position: Position;
	replicas: number;
	pods: Restarted[];
	/** What was found beside the Secrets. */
	more: Finding[];
};

const day = 86_400_000;

const daysLeft = (notAfter: string, now: number): number => Math.floor((Date.parse(notAfter) - now) / day);

const caStatus = ({subject, serial, subjectKeyId, notAfter, fingerprint}: CertificateFacts, now: number): SecretStatus['bundle'][number] => ({
	subject, serial, keyId: subjectKeyId ?? null, notAfter, daysLeft: daysLeft(notAfter, now), fingerprint,
});

const leafStatus = (leaf: CertificateFacts, now: number): SecretStatus['certificate'] => {
	const {subject, issuer, authorityKeyId, serial, notBefore, notAfter, fingerprint} = leaf;
	return {
		subject, issuer, issuerKeyId: authorityKeyId ?? null, serial, notBefore, notAfter, daysLeft: daysLeft(notAfter, now), fingerprint,
	};
};

const secretStatus = (secret: SecretFacts, component: SecretStatus['component'], {folder, issuance, now}: StatusInput): SecretStatus => {
	const leaf = leafOf(secret);
	return {
		name: secret.name,
		component,
		exists: secret.exists,
		issuedBy: issuedBy(secret, folder, (issuance?.certificates ?? []).some(({secretName}) => secretName === secret.name)),
		certificate: leaf ? leafStatus(leaf, now) : null,
		bundle: secret.bundle.certificates.map(ca => caStatus(ca, now)),
	};
};

/** Whether something is due within a time, in milliseconds. What has no certificate is a finding. */
export const isDue = ({by}: Due, now: number, within: number): boolean => by !== undefined && by - now <= within;

const levelOf = (findings: Finding[], due: Due, {now, limits}: StatusInput): Level => {
	if (isDue(due, now, limits.critical) || findings.some(({severity}) => severity === 'critical')) {
		return 'critical';
	}

	return isDue(due, now, limits.warn) || findings.length > 0 ? 'warning' : 'ok';
};

/** A position that nobody can go on from is told as such where nothing else explains it. */
const positionFindings = ({position, cluster}: StatusInput, found: Finding[]): Finding[] => position.name === 'unclear' && found.length === 0
	? [{
		code: 'unclear',
		severity: 'warning',
		what: `where ${objectWords(cluster)} stands cannot be told: ${position.why.join('; ')}`,
		fix: 'compare the Secrets and the cluster folder with its backups',
		secret: null,
	}]
	: [];

/** When the first of the CAs ends that signed a leaf. */
const caEnds = ({cluster, secrets}: Judged): number =>
	Math.min(...datedOf(heldBy({cluster, observation: {secrets}})).filter(({is}) => is === 'ca').map(({certificate}) => Date.parse(certificate.notAfter)));

/** Whether the CA is what ends, and its key is at hand. */
const isRenewable = ({cluster, secrets, now, folder}: StatusInput): boolean => {
	const due = caDue(cluster, {secrets, now});
	return due !== undefined && folder.keys['ca-key.pem']?.publicKey === due.ca.publicKey;
};

/** All that `status` tells of one cluster. Pure. */
export const clusterStatus = (input: StatusInput): ClusterStatus => {
	const {cluster, secrets, now, folder, position, limits} = input;
	const seen = [...secretFindings(input), ...issuanceFindings(input, limits.warn), ...input.more];
	const findings = [...seen, ...positionFindings(input, seen)];
	const due = dueOf(input);
	const {earliest, by, pods, takes, restart} = due;
	const rows = componentSecrets(cluster, secrets).map((secret, index) => secretStatus(secret, cluster.components[index]!, input));
	return {
		kind: kindOf(cluster).object,
		cluster: cluster.name,
		side: cluster.side ?? 'components',
		namespace: cluster.namespace,
		folder: folder.exists ? folder.path : null,
		level: levelOf(findings, due, input),
		position: {name: position.name, why: position.why.join('; ')},
		earliestExpiry: earliest ? {what: earliest.what, notAfter: earliest.certificate.notAfter, daysLeft: daysLeft(earliest.certificate.notAfter, now)} : null,
		rotation: {
			pods, secondsPerPod: restart.perPod / 1000, how: restart.how, seconds: takes / 1000,
		},
		due: {
			what: dueWords({
				cluster, position, due, caEnds: caEnds(input), findings, isRenewable: isRenewable(input), by: issuanceOf(input).by, issuance: input.issuance,
			}),
			latestSafeStart: by === undefined ? null : new Date(by).toISOString(),
		},
		secrets: rows,
		issuance: issuanceStatus(input),
		findings,
	};
};
