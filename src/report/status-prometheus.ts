import type {ClusterStatus, Status} from '../status/schema.ts';

type Labels = Record<string, string>;

type Sample = {labels: Labels; value: number};

type Metric = {
	/** Without the prefix; ends in its unit. */
	name: string;
	help: string;
	samples: (status: ClusterStatus) => Sample[];
};

const prefix = 'tidb_cert_rotate_';

const seconds = (time: string): number => Date.parse(time) / 1000;

const own = ({kind, namespace, cluster, side}: ClusterStatus): Labels => ({
	namespace, cluster, kind, side,
});

const levels = {ok: 0, warning: 1, critical: 2};

/** The CAs that the Secrets of a cluster trust, each once. */
const casOf = ({secrets}: ClusterStatus) => new Map(secrets.flatMap(({bundle}) => bundle.map(ca => [ca.fingerprint, ca]))).values().toArray();

/** Cert-manager's Certificates of a cluster, with their labels. */
const certificatesOf = (status: ClusterStatus) => (status.issuance?.certificates ?? []).map(certificate => ({
	...certificate, labels: {
		...own(status), certificate: certificate.name, secret: certificate.secret, role: certificate.role,
	},
}));

const metrics: Metric[] = [
	{
		name: 'cluster_level',
		help: 'How urgent it is: 0 ok, 1 warning, 2 critical.',
		samples: status => [{labels: own(status), value: levels[status.level]}],
	},
	{
		name: 'cluster_position_info',
		help: 'Where the cluster stands between its old and its new certificates, as a label; always 1.',
		samples: status => [{labels: {...own(status), position: status.position.name}, value: 1}],
	},
	{
		name: 'certificate_expiry_timestamp_seconds',
		help: 'When the certificate in a Secret expires.',
		samples: status => status.secrets.flatMap(({name, component, certificate}) => certificate ? [{labels: {...own(status), secret: name, component}, value: seconds(certificate.notAfter)}] : []),
	},
	{
		name: 'certificate_info',
		help: 'What the certificate in a Secret is, as labels; always 1.',
		samples: status => status.secrets.flatMap(({name, component, issuedBy, certificate}) => certificate
			? [{
				labels: {
					...own(status), secret: name, component, subject: certificate.subject, issuer_key_id: certificate.issuerKeyId ?? '', serial: certificate.serial, issued_by: issuedBy,
				},
				value: 1,
			}]
			: []),
	},
	{
		name: 'ca_expiry_timestamp_seconds',
		help: 'When a CA that the Secrets trust expires.',
		samples: status => casOf(status).map(({fingerprint, keyId, subject, notAfter}) => ({
			labels: {
				...own(status), subject, key_id: keyId ?? '', fingerprint,
			},
			value: seconds(notAfter),
		})),
	},
	{
		name: 'bundle_certificates',
		help: 'How many CAs the ca.crt of a Secret holds.',
		samples: status => status.secrets.map(({name, component, bundle}) => ({labels: {...own(status), secret: name, component}, value: bundle.length})),
	},
	{
		name: 'issued_ready',
		help: 'Whether a Certificate of cert-manager is Ready.',
		samples: status => certificatesOf(status).map(({labels, issuer, ready}) => ({labels: {...labels, issuer}, value: Number(ready)})),
	},
	{
		name: 'issued_revision',
		help: 'How often a Certificate of cert-manager was issued.',
		samples: status => certificatesOf(status).flatMap(({labels, revision}) => revision === null ? [] : [{labels, value: revision}]),
	},
	{
		name: 'issued_renewal_timestamp_seconds',
		help: 'When cert-manager renews a Certificate.',
		samples: status => certificatesOf(status).flatMap(({labels, renewalTime}) => renewalTime === null ? [] : [{labels, value: seconds(renewalTime)}]),
	},
	{
		name: 'issued_failed_attempts',
		help: 'How many tries of cert-manager to issue a Certificate have failed in a row.',
		samples: status => certificatesOf(status).map(({labels, failedAttempts}) => ({labels, value: failedAttempts})),
	},
	{
		name: 'issued_aside',
		help: 'Secrets that cert-manager has issued and whose Certificate is not there.',
		samples: status => status.issuance === null ? [] : [{labels: own(status), value: status.issuance.aside.length}],
	},
	{
		name: 'latest_safe_start_timestamp_seconds',
		help: 'By when something has to be forestalled, such as the earliest expiry, less the time that a rotation takes.',
		samples: status => status.due.latestSafeStart === null ? [] : [{labels: own(status), value: seconds(status.due.latestSafeStart)}],
	},
	{
		name: 'rotation_duration_seconds',
		help: 'How long a rotation takes, measured or estimated.',
		samples: status => [{labels: {...own(status), how: status.rotation.how}, value: status.rotation.seconds}],
	},
	{
		name: 'findings',
		help: 'How many things are wrong with the certificates.',
		samples: status => (['warning', 'critical'] as const).map(severity => ({
			labels: {...own(status), severity}, value: status.findings.filter(finding => finding.severity === severity).length,
		})),
	},
];

const escaped = (value: string): string => value.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`).replaceAll('\n', String.raw`\n`);

const line = (name: string, {labels, value}: Sample): string => {
	const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`).join(',');
	return `${prefix}${name}${pairs === '' ? '' : `{${pairs}}`} ${value}\n`;
};

const family = (name: string, help: string, samples: Sample[]): string => [
	`# HELP ${prefix}${name} ${help}\n`, `# TYPE ${prefix}${name} gauge\n`, ...samples.map(sample => line(name, sample)),
].join('');

/** The status in Prometheus' text format, for node_exporter's textfile collector or a push gateway: those of several calls go side by side. Pure. */
export const statusPrometheus = ({time, clusters}: Status): string => [
	...metrics.map(({name, help, samples}) => family(name, help, clusters.flatMap(status => samples(status)))),
	family('status_timestamp_seconds', 'When this was looked at.', clusters.map(status => ({labels: own(status), value: seconds(time)}))),
].join('');
