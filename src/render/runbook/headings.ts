import type {Cluster} from '../../cluster/types.ts';
import type {Phase, Plan} from '../../plan/types.ts';

const page = 'https://docs.pingcap.com/tidb-in-kubernetes/v1.6/renew-tls-certificate';

/** A section of the documents' page, in both languages, with its address. */
export type Heading = {en: string; zh: string; link: string};

/** The sections of the documents that the phases carry out; the first is for what they leave to a person. */
export const headings: Record<Exclude<Phase, 'issue' | 'rollback'>, Heading> = {
	prepare: {
		en: 'Renew and replace certificates issued by the cfssl system',
		zh: '更新和替换 cfssl 系统颁发的证书',
		link: `${page}#renew-and-replace-certificates-issued-by-the-cfssl-system`,
	},
	trust: {
		en: 'Renew and replace the CA certificate',
		zh: '更新和替换 CA 证书',
		link: `${page}#renew-and-replace-the-ca-certificate`,
	},
	reissue: {
		en: 'Renew and replace certificates between components',
		zh: '更新和替换组件间证书',
		link: `${page}#renew-and-replace-certificates-between-components`,
	},
	// Not by the documents' commands: they make a new key.
	renew: {
		en: 'Renew and replace the CA certificate',
		zh: '更新和替换 CA 证书',
		link: `${page}#renew-and-replace-the-ca-certificate`,
	},
	retire: {
		en: 'Optional: Remove the original CA certificate from the combined CA certificate',
		zh: '可选：移除组合 CA 证书中的原 CA 证书',
		link: `${page}#optional-remove-the-original-ca-certificate-from-the-combined-ca-certificate`,
	},
};

/** Where the documents say how to restart. */
export const restarting = 'https://docs.pingcap.com/tidb-in-kubernetes/v1.6/restart-a-tidb-cluster';

const ofCertManager: Record<'all' | 'newCa' | 'leaves', Heading> = {
	all: {
		en: 'Renew and replace the certificate issued by cert-manager',
		zh: '更新和替换 cert-manager 颁发的证书',
		link: `${page}#renew-and-replace-the-certificate-issued-by-cert-manager`,
	},
	newCa: {
		en: 'Renew and replace the CA certificate and certificates between components',
		zh: '更新和替换 CA 证书及组件间证书',
		link: `${page}#renew-and-replace-the-ca-certificate-and-certificates-between-components`,
	},
	leaves: {
		en: 'Only renew and replace certificates between components',
		zh: '仅更新和替换组件间证书',
		link: `${page}#only-renew-and-replace-certificates-between-components`,
	},
};

/** The page's section about whoever issues the cluster's certificates. */
export const sectionOf = ({issuance}: Cluster): Heading => issuance ? ofCertManager.all : headings.prepare;

const isPartOfTheDocuments = (phase: Phase): phase is 'trust' | 'reissue' | 'retire' | 'renew' => ['trust', 'reissue', 'retire', 'renew'].includes(phase);

/** The section of the documents that a phase of a plan carries out. Without an outage, a new CA comes to cert-manager's clusters as to those of cfssl. */
export const headingOf = ({cluster, target}: Plan, phase: Phase): Heading => {
	if (!isPartOfTheDocuments(phase)) {
		return sectionOf(cluster);
	}

	if (!cluster.issuance) {
		return headings[phase];
	}

	return target.route === 'keep-ca' ? ofCertManager.leaves : (target.asDocumented ? ofCertManager.newCa : headings[phase]);
};
