import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import type {SecretFacts} from '../observe/types.ts';
import {commandFor, componentSecrets, leafOf} from './component-secrets.ts';
import type {Finding, Judged} from './findings.ts';

type Present = {secret: SecretFacts; leaf: CertificateFacts};

const isTrusted = (leaf: CertificateFacts, {bundle}: SecretFacts): boolean => signersOf(leaf, bundle.certificates).length > 0;

const listed = (names: string[]): string => names.length === 1 ? `Secret ${names[0]}` : `Secrets ${names.join(', ')}`;

const misfit = ({secret: {name, bundle}, leaf}: Present): Finding => ({
	code: 'wrong-ca',
	severity: 'critical',
	what: [
		`the certificate in Secret ${name} (serial ${leaf.serial}) is of another CA than its ca.crt:`,
		`none of the ${bundle.certificates.length} signed it; its issuer's key id is ${leaf.authorityKeyId ?? 'not given'}`,
	].join(' '),
	fix: 'put back the certificate, key and ca.crt that belong together, from the cluster folder or its backups',
	secret: name,
});

/** Whose certificates each Secret's bundle does not vouch for: each component meets each other. */
const untrusted = (present: Present[]): Finding[] => present.flatMap(({secret}): Finding[] => {
	const strangers = present.filter(other => other.secret !== secret && !isTrusted(other.leaf, secret)).map(other => other.secret.name);
	return strangers.length === 0
		? []
		: [{
			code: 'not-trusted',
			severity: 'critical',
			what: `ca.crt of Secret ${secret.name} lacks the CA that signed the certificate in ${listed(strangers)}`,
			fix: 'one refuses the other, at the latest after its restart: put the CA back into that ca.crt',
			secret: secret.name,
		}];
});

/** CAs that OpenSSL cannot tell apart for a leaf: one subject, and no key identifier that decides (tidb-facts 5.A.13). */
const confusable = (leaf: CertificateFacts, {bundle}: SecretFacts): CertificateFacts[] => {
	const candidates = bundle.certificates.filter(({subject}) => subject === leaf.issuer);
	const isDecided = leaf.authorityKeyId !== undefined && candidates.every(({subjectKeyId}) => subjectKeyId !== undefined);
	return !isDecided && candidates.length > 1 ? candidates : [];
};

const subjectFindings = ({cluster}: Judged, present: Present[]): Finding[] => present.flatMap(({secret: {name}, leaf}): Finding[] => {
	const where = present.filter(({secret}) => confusable(leaf, secret).length > 0).map(({secret}) => secret.name);
	if (where.length > 0) {
		return [{
			code: 'same-subject',
			severity: 'critical',
			what: [
				`ca.crt of ${listed(where)} holds CAs of one subject (${leaf.issuer}), and the certificate in Secret ${name}`,
				'does not say by an Authority Key Identifier which of them signed it: OpenSSL may take the wrong one and refuse it',
			].join(' '),
			fix: `go back, and give the new CA a subject of its own: ${commandFor(cluster, 'rollback')}, then ${commandFor(cluster, 'rotate', '--ca-ou', '"TiDB 2"')}`,
			secret: name,
		}];
	}

	return leaf.authorityKeyId === undefined
		? [{
			code: 'no-key-id',
			severity: 'warning',
			what: `the certificate in Secret ${name} has no Authority Key Identifier: beside a new CA of the same subject OpenSSL could not tell which one signed it`,
			fix: `give the new CA a subject of its own: ${commandFor(cluster, 'rotate', '--ca-ou', '"TiDB 2"')}`,
			secret: name,
		}]
		: [];
});

const strangers = ({name, bundle}: SecretFacts): Finding[] => bundle.certificates.filter(({isCa}) => !isCa).map(({subject, serial}) => ({
	code: 'not-a-ca',
	severity: 'warning',
	what: `ca.crt of Secret ${name} holds a certificate that is no CA: ${subject} (serial ${serial})`,
	fix: 'take it out: it vouches for nobody',
	secret: name,
}));

/** Whether the components would trust each other by what stands in their Secrets. Time is another's question. */
export const trustFindings = (judged: Judged): Finding[] => {
	const present = componentSecrets(judged.cluster, judged.secrets).flatMap(secret => {
		const leaf = leafOf(secret);
		return leaf && secret.bundle.certificates.length > 0 ? [{secret, leaf}] : [];
	});
	return [
		...present.filter(({secret, leaf}) => !isTrusted(leaf, secret)).map(one => misfit(one)),
		...untrusted(present.filter(({secret, leaf}) => isTrusted(leaf, secret))),
		...subjectFindings(judged, present),
		...present.flatMap(({secret}) => strangers(secret)),
	];
};
