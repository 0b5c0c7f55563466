import type {SecretChange, ShownCertificate} from './dry-run-schema.ts';

const heading = 'What would change at the end, per Secret and key (- goes, + comes, = stays).\n';

const exampleNote = `Certificates marked "example" were made in a throwaway folder that only its owner could read, and that is gone: the real run
makes its own, so that fingerprints, serials, key ids and times will differ.
`;

const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')}Z`;

const indent = ' '.repeat(15);
const markIndent = ' '.repeat(13);

const certificateText = (mark: string, {fingerprint, subject, keyId, issuerKeyId, notBefore, notAfter, example}: ShownCertificate): string => [
	`${markIndent}${mark} ${subject}${example ? '  (example)' : ''}\n`,
	`${indent}SHA-256 ${fingerprint}\n`,
	`${indent}key id ${keyId ?? 'none'}, issuer key id ${issuerKeyId ?? 'none'}\n`,
	`${indent}valid ${minute(notBefore)} to ${minute(notAfter)}\n`,
].join('');

const certificatesText = (name: string, change: {changed: boolean; old: ShownCertificate[]; new: ShownCertificate[]}): string => {
	const [old, renewed] = [change.old, change.new].map(certificates => new Set(certificates.map(({fingerprint}) => fingerprint)));
	const gone = change.old.filter(({fingerprint}) => !renewed!.has(fingerprint));
	const present = change.new.map(certificate => [old!.has(certificate.fingerprint) ? '=' : '+', certificate] as const);
	const isSame = gone.length === 0 && present.every(([mark]) => mark === '=');
	const verdict = change.changed ? (isSame ? 'changes in its bytes or their order; the certificates are the same' : 'changes') : 'unchanged';
	return [
		`    ${name}  ${verdict}\n`,
		...gone.map(certificate => certificateText('-', certificate)),
		...present.map(([mark, certificate]) => certificateText(mark, certificate)),
	].join('');
};

const sansText = ({old, new: renewed, sansGained, sansLost}: SecretChange['tls.crt']): string => {
	if (old.length === 0 || renewed.length === 0) {
		return '';
	}

	const changes = [...sansLost.map(san => `-${san}`), ...sansGained.map(san => `+${san}`)];
	return `${indent}SANs: ${changes.length === 0 ? `the same ${renewed[0]!.sans.length}` : changes.join(' ')}\n`;
};

const keyText = (mark: string, key: SecretChange['tls.key']['old']): string => key === null
	? ''
	: `${markIndent}${mark} ${key.algo === null ? 'a key' : `${key.algo} ${key.size}`}, public key SHA-256 ${key.publicKey}\n`;

const secretText = (change: SecretChange): string => [
	`  Secret ${change.name}${change.exists ? '' : ' (does not exist yet)'}\n`,
	certificatesText('ca.crt ', change['ca.crt']),
	certificatesText('tls.crt', change['tls.crt']),
	sansText(change['tls.crt']),
	`    tls.key  ${change['tls.key'].changed ? 'changes' : 'unchanged'}\n`,
	...(change['tls.key'].changed ? [keyText('-', change['tls.key'].old), keyText('+', change['tls.key'].new)] : [keyText('=', change['tls.key'].new)]),
].join('');

/** The changes for a person: fingerprints, subjects, issuers' key ids, validity, SANs; never key bytes. */
export const changesText = (changes: SecretChange[]): string => {
	const hasExamples = changes.some(change => [change['ca.crt'], change['tls.crt']].some(({new: renewed}) => renewed.some(({example}) => example)));
	return [heading, ...(hasExamples ? [exampleNote] : []), ...changes.map(change => secretText(change))].join('');
};
