import type {CertificateFacts} from '../certificates/types.ts';
import {type Held, leavesOf} from '../judge/held.ts';
import {isTrusted, lackingProblems} from '../judge/trust.ts';
import {commandFor, leafWords, secretsNamed} from '../judge/words.ts';
import type {SecretFacts} from '../observe/types.ts';
import type {Finding, Judged} from './findings.ts';

type Present = Required<Held>;

const misfit = ({secret, leaf}: Present): Finding => ({
	code: 'wrong-ca',
	severity: 'critical',
	what: [
		`${leafWords(secret)} (serial ${leaf.serial}) is of another CA than its ca.crt:`,
		`none of the ${secret.bundle.certificates.length} signed it; its issuer's key id is ${leaf.authorityKeyId ?? 'not given'}`,
	].join(' '),
	fix: 'put back the certificate, key and ca.crt that belong together, from the cluster folder or its backups',
	secret: secret.name,
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
				`ca.crt of ${secretsNamed(where)} holds CAs of one subject (${leaf.issuer}), and the certificate in Secret ${name}`,
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
	const {cluster, ...observation} = judged;
	const present = leavesOf({cluster, observation}).filter(({secret}) => secret.bundle.certificates.length > 0);
	const fitting = present.filter(({secret, leaf}) => isTrusted(leaf, secret));
	return [
		...present.filter(one => !fitting.includes(one)).map(one => misfit(one)),
		...lackingProblems(fitting, fitting).map(({component, ...problem}): Finding => ({...problem, severity: 'critical'})),
		...subjectFindings(judged, present),
		...present.flatMap(({secret}) => strangers(secret)),
	];
};
