import {verifies} from '../../certificates/verify.ts';
import type {CertificateFacts} from '../../certificates/types.ts';
import {secretName} from '../../cluster/components.ts';
import {spellDuration} from '../../cluster/duration.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {SecretFacts} from '../../observe/types.ts';
import type {Facts} from './facts.ts';

const secretsOf = ({cluster, observation}: Facts): SecretFacts[] =>
	cluster.components.flatMap(component => observation.secrets[secretName(cluster.name, component)] ?? []);

const timeProblems = (what: string, {notBefore, notAfter}: CertificateFacts, {observation: {now}, estimate, isCure}: Facts, fix: string): Problem[] => {
	const left = Date.parse(notAfter) - now;
	if (left <= 0) {
		return [{code: 'expired', what: `${what} has expired at ${notAfter}`, fix}];
	}

	if (Date.parse(notBefore) > now) {
		return [{code: 'not-yet-valid', what: `${what} is not valid before ${notBefore}`, fix: 'see whether the clocks are right'}];
	}

	return !isCure && left <= estimate
		? [{
			code: 'expires-soon',
			what: `${what} expires at ${notAfter}, in ${spellDuration(left)}, and the rotation may take ${spellDuration(estimate)}`,
			fix,
		}]
		: [];
};

/** The CAs that signed a live leaf, without doubles. */
const signers = (secrets: SecretFacts[]): CertificateFacts[] => {
	const all = secrets.flatMap(({leaf, bundle}) => leaf.certificates.slice(0, 1).flatMap(certificate => {
		const verdict = verifies(certificate, bundle.certificates, Date.parse(certificate.notAfter));
		return verdict.ok ? [verdict.by] : bundle.certificates.filter(({subject}) => subject === certificate.issuer);
	}));
	return all.filter((ca, index) => all.findIndex(({fingerprint}) => fingerprint === ca.fingerprint) === index);
};

/** Whether anything has expired, or would before the rotation ends. An expired leaf is what --keep-ca cures, so it does not bar that. */
export const expiryProblems = (facts: Facts): Problem[] => {
	if (facts.isResumed) {
		return [];
	}

	const secrets = secretsOf(facts);
	const leafFix = 'renew the leaves alone first: npm run rotate -- --keep-ca';
	const caFix = 'new certificates in all Secrets at once, with an outage: npm run issue -- --accept-outage';
	const leaves = secrets.flatMap(({name, leaf}) => leaf.certificates.slice(0, 1).map(certificate => ({name, certificate})));
	return [
		...(facts.isCure ? [] : leaves.flatMap(({name, certificate}) => timeProblems(`the certificate in Secret ${name}`, certificate, facts, leafFix))),
		...signers(secrets).flatMap(ca => timeProblems(`the CA ${ca.subject} (serial ${ca.serial})`, ca, facts, caFix)),
	];
};

/** A moment at which the leaf itself is valid: its expiry is another check's. */
const validMoment = ({notBefore, notAfter}: CertificateFacts, now: number): number => Math.min(Math.max(now, Date.parse(notBefore)), Date.parse(notAfter));

/** Whether every present leaf verifies against every present bundle: each component meets each other. */
export const chainProblems = (facts: Facts): Problem[] => {
	if (facts.isResumed) {
		return [];
	}

	const secrets = secretsOf(facts).filter(({leaf, bundle}) => leaf.certificates.length > 0 && bundle.certificates.length > 0);
	return secrets.flatMap(({name, leaf}) => secrets.flatMap(other => {
		const [certificate] = leaf.certificates;
		const verdict = verifies(certificate!, other.bundle.certificates, validMoment(certificate!, facts.observation.now));
		return verdict.ok
			? []
			: [{
				code: 'not-trusted',
				what: `the certificate in Secret ${name} does not verify against ca.crt of ${other.name === name ? 'the same Secret' : `Secret ${other.name}`}: ${verdict.reason}`,
				fix: 'the components refuse each other already; mend this first',
			}];
	}));
};
