import {spellDuration} from '../cluster/duration.ts';
import type {
	ClusterStatus,
	IssuanceStatus,
	SecretStatus,
	Status,
} from '../status/schema.ts';
import {columns} from './table.ts';

type SecretCertificate = NonNullable<SecretStatus['certificate']>;

const short = (hex: SecretCertificate['issuerKeyId'] | undefined): string => hex?.slice(0, 12) ?? '-';

const heading = ['Secret', 'issued by', 'subject', 'serial', 'issuer key id', 'expires', 'days left', 'CAs'];

const row = ({name, issuedBy, certificate, bundle}: SecretStatus): string[] => [
	name,
	issuedBy,
	certificate?.subject ?? '-',
	short(certificate?.serial),
	short(certificate?.issuerKeyId),
	certificate?.notAfter.slice(0, 10) ?? '-',
	certificate ? String(certificate.daysLeft) : '-',
	String(bundle.length),
];

const indented = (text: string): string => text.replaceAll(/^(?=.)/gmv, '  ');

const rotationWords = ({rotation: {pods, secondsPerPod, how, seconds}}: ClusterStatus): string =>
	`a rotation takes ${spellDuration(seconds * 1000)}: ${pods} pods, ${spellDuration(secondsPerPod * 1000)} each, ${how === 'measured' ? 'as measured in their last roll' : 'estimated'}`;

const keyWords = ({keepsKey}: IssuanceStatus['certificates'][number]): string => keepsKey === null ? 'not known' : (keepsKey ? 'kept' : 'another');

const triesWords = ({failedAttempts, nextTry}: IssuanceStatus['certificates'][number]): string => nextTry === null ? '-' : `${failedAttempts} failed, next ${nextTry.slice(0, 16)}Z`;

/** Cert-manager's Certificates, and the Secrets that have none. */
const issuanceLines = (issuance: ClusterStatus['issuance']): string => issuance === null || issuance.certificates.length + issuance.aside.length === 0
	? ''
	: `${columns([
		['Certificate', 'for', 'issuer', 'revision', 'Ready', 'renewed from', 'key at renewal', 'tries'],
		...issuance.certificates.map(certificate => [
			certificate.name,
			certificate.component ?? certificate.role,
			certificate.issuer,
			String(certificate.revision ?? '-'),
			certificate.ready ? 'yes' : 'NO',
			certificate.renewalTime?.slice(0, 10) ?? '-',
			keyWords(certificate),
			triesWords(certificate),
		]),
		...issuance.aside.map(({certificate, secret}) => [certificate, secret, 'put aside', '-', '-', 'never', '-', '-']),
	])}${issuance.version === null ? '' : `cert-manager ${issuance.version}\n`}\n`;

const dueLines = (status: ClusterStatus): string[] => {
	const {earliestExpiry, due} = status;
	return [
		...(earliestExpiry ? [`Ends first: ${earliestExpiry.what}, at ${earliestExpiry.notAfter} (${earliestExpiry.daysLeft} days left)`] : []),
		...(due.latestSafeStart === null ? [] : [`Latest safe start: ${due.latestSafeStart} (${rotationWords(status)})`]),
		`Due: ${due.what}`,
	];
};

const block = (status: ClusterStatus): string => {
	const {kind, cluster, side, namespace, level, position, folder, secrets, issuance, findings} = status;
	return [
		`${kind} ${cluster} in namespace ${namespace}${side === 'mysql' ? ', for MySQL clients' : ''}: ${level}\n`,
		`  Position: ${position.name} (${position.why})\n`,
		`  Folder: ${folder ?? 'none on this machine'}\n\n`,
		indented(columns([heading, ...secrets.map(secret => row(secret))])),
		'\n',
		indented(issuanceLines(issuance)),
		...dueLines(status).map(line => `  ${line}\n`),
		...findings.map(({severity, what, fix}) => `  ${severity}: ${what}\n    → ${fix}\n`),
	].join('');
};

/** The clusters that need somebody, at the end, where a terminal shows them. */
const summary = ({clusters}: Status): string => {
	const counts = (['ok', 'warning', 'critical'] as const).map(level => `${clusters.filter(cluster => cluster.level === level).length} ${level}`);
	const rows = clusters.filter(({level}) => level !== 'ok').map(({level, namespace, cluster, position, earliestExpiry, due}) => [
		level, namespace, cluster, position.name, earliestExpiry?.notAfter.slice(0, 10) ?? '-', due.latestSafeStart?.slice(0, 10) ?? '-', due.what,
	]);
	return [
		`${clusters.length} clusters: ${counts.join(', ')}\n`,
		...(rows.length > 0 ? [columns([['level', 'namespace', clusters[0]!.kind, 'position', 'ends first', 'latest safe start', 'due'], ...rows])] : []),
	].join('');
};

/** The status for a person. Pure. */
export const statusTable = (status: Status): string => [
	...status.clusters.map(cluster => block(cluster)),
	...(status.clusters.length === 1 ? [] : [summary(status)]),
].join('\n');
