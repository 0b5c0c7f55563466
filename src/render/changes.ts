import {components, secretName} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import type {FolderFacts, Observation} from '../observe/types.ts';
import type {Plan} from '../plan/types.ts';

const short = (hex: string | undefined): string => hex === undefined ? '-' : hex.slice(0, 12);

const day = (time: string): string => time.slice(0, 16).replace('T', ' ');

const describe = (certificate: CertificateFacts | undefined): string => certificate
	? `${short(certificate.fingerprint)}  ${certificate.subject}  issuer key id ${short(certificate.authorityKeyId)}  ${day(certificate.notBefore)} to ${day(certificate.notAfter)}`
	: 'none';

const sansChange = (old: CertificateFacts | undefined, renewed: CertificateFacts | undefined): string => {
	const [before, after] = [old?.sans ?? [], renewed?.sans ?? []];
	const gained = after.filter(san => !before.includes(san)).map(san => `+${san}`);
	const lost = before.filter(san => !after.includes(san)).map(san => `-${san}`);
	return gained.length + lost.length === 0 ? 'SANs unchanged' : `SANs ${[...gained, ...lost].join(' ')}`;
};

const bundleWords = (certificates: CertificateFacts[]): string => certificates.map(({subjectKeyId}) => short(subjectKeyId)).join(' + ');

/** The file that stands in `ca.crt` at the end of the plan. */
const finalBundle = ({target}: Plan): string => target.retire && target.route === 'new-ca' ? 'ca.new.pem' : 'ca.pem';

const secretChange = (plan: Plan, component: ComponentName, before: Observation, after: FolderFacts): string => {
	const name = secretName(plan.cluster.name, component);
	const secret = before.secrets[name];
	const [old] = secret?.leaf.certificates ?? [];
	const [renewed] = after.certificates[`${components[component].file}.pem`]?.certificates ?? [];
	const bundle = after.certificates[finalBundle(plan)]?.certificates ?? [];
	const isSame = old?.fingerprint === renewed?.fingerprint;
	return [
		`  Secret ${name}`,
		`    ca.crt   ${bundleWords(secret?.bundle.certificates ?? [])}  →  ${bundleWords(bundle)}  (CAs by key id)`,
		...(isSame
			? ['    tls.crt  unchanged', '    tls.key  unchanged']
			: [`    tls.crt  ${describe(old)}`, `          →  ${describe(renewed)}`, `             ${sansChange(old, renewed)}`, '    tls.key  the key of that certificate']),
		'',
	].join('\n');
};

/**
What would change per Secret and key: fingerprints, subjects, issuers, validity, SANs; never key bytes.
The new certificates were made in a throwaway folder: the real run makes others, so their fingerprints are examples.
*/
export const changes = (plan: Plan, before: Observation, after: FolderFacts): string => [
	'What would change (the new certificates are examples, made in a throwaway folder; the real run makes its own):\n',
	...plan.cluster.components.map(component => secretChange(plan, component, before, after)),
].join('');
