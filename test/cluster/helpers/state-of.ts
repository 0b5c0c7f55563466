import {Buffer} from 'node:buffer';
import {X509Certificate} from 'node:crypto';
import {kubectlItems} from './product.ts';
import type {TestSandbox} from './sandbox.ts';

/** What stands in one Secret. */
export type SecretState = {
	resourceVersion: string;
	/** `tls.crt`, `tls.key` and `ca.crt` as text. */
	texts: Record<string, string>;
	/** Serial of the leaf, upper-case hex as node:crypto has it. */
	serial: string;
	/** Fingerprints (SHA-256) of the bundle's certificates, in order. */
	bundle: string[];
};

/** Every certificate of a PEM text. */
export const certificatesIn = (pem: string): X509Certificate[] =>
	(pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/gv) ?? []).map(text => new X509Certificate(text));

const names = {
	components: /^(?<cluster>.+?)-(?:(?<component>[a-z]+)-cluster-secret|cluster-client-secret)$/v,
	dm: /^(?<cluster>.+?)-(?:(?<component>dm-[a-z]+)-cluster-secret|dm-client-secret)$/v,
	mysql: /^(?<cluster>.+?)-(?<component>tidb-server|tidb-client)-secret$/v,
};

/** The Secrets of one side of the cluster by component: `pd`, `tikv`, `tidb`, `client`, or `tidb-server` and `tidb-client`; of a DM cluster `dm-master`, `dm-worker`, `client`. */
export const secretsOf = async (sandbox: TestSandbox, side: keyof typeof names = sandbox.kind ?? sandbox.side ?? 'components'): Promise<Record<string, SecretState>> => {
	const items = await kubectlItems(sandbox, ['secrets', '-n', sandbox.namespace]);
	const found = items.flatMap(({metadata, data = {}}): Array<[string, SecretState]> => {
		const match = names[side].exec(metadata.name);
		if (match?.groups?.cluster !== sandbox.cluster) {
			return [];
		}

		const texts = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
		return [[match.groups.component ?? 'client', {
			resourceVersion: metadata.resourceVersion,
			texts,
			serial: certificatesIn(texts['tls.crt'] ?? '')[0]?.serialNumber ?? '',
			bundle: certificatesIn(texts['ca.crt'] ?? '').map(certificate => certificate.fingerprint256),
		}]];
	});
	return Object.fromEntries(found);
};

/** The uids of the cluster's pods, by name. */
export const podUids = async (sandbox: TestSandbox): Promise<Record<string, string>> => {
	const pods = await kubectlItems(sandbox, ['pods', '-n', sandbox.namespace, '-l', `app.kubernetes.io/instance=${sandbox.cluster}`]);
	return Object.fromEntries(pods.map(({metadata}) => [metadata.name, metadata.uid]));
};
