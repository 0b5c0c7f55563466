import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import type {ComponentName} from '../cluster/types.ts';
import {heldBy, leavesOf, secretsNamed} from './leaves.ts';
import type {Evidence, Finding} from './types.ts';

type Subject = {what: string; fix: string; component?: ComponentName};

const timeFindings = ({what, fix, component}: Subject, {notBefore, notAfter}: CertificateFacts, now: number): Finding[] => {
	const place = {proof: 'chain', ...(component !== undefined && {component})} as const;
	if (Date.parse(notAfter) <= now) {
		return [{
			code: 'expired', ...place, what: `${what} has expired at ${notAfter}`, fix,
		}];
	}

	return Date.parse(notBefore) > now
		? [{
			code: 'not-yet-valid', ...place, what: `${what} is not valid before ${notBefore}`, fix: 'see whether the clocks are right, of this machine and of the nodes; else make it anew',
		}]
		: [];
};

const unique = (certificates: CertificateFacts[]): CertificateFacts[] =>
	certificates.filter((one, index) => certificates.findIndex(({fingerprint}) => fingerprint === one.fingerprint) === index);

/** The CAs of all bundles: those that signed a live leaf, and the others. */
const casOf = (evidence: Evidence): {signing: CertificateFacts[]; idle: CertificateFacts[]} => {
	const all = unique(heldBy(evidence).flatMap(({secret}) => secret.bundle.certificates));
	const leaves = leavesOf(evidence);
	const signs = (ca: CertificateFacts): boolean => leaves.some(({leaf}) => signersOf(leaf, [ca]).length > 0);
	return {signing: all.filter(ca => signs(ca)), idle: all.filter(ca => !signs(ca))};
};

/** Leaves, and the CAs that signed them, that are not valid now. */
export const expiryFindings = (evidence: Evidence): Finding[] => {
	const {cluster: {name}, observation: {now}} = evidence;
	return [
		...leavesOf(evidence).flatMap(({component, secret, leaf}) => timeFindings({
			what: `the certificate in Secret ${secret.name}`, fix: `npm run rotate -- --cluster ${name} --keep-ca`, component,
		}, leaf, now)),
		...casOf(evidence).signing.flatMap(ca => timeFindings({
			what: `the CA ${ca.subject} (serial ${ca.serial})`, fix: `new certificates in all Secrets at once, with an outage: npm run issue -- --cluster ${name} --accept-outage`,
		}, ca, now)),
	];
};

/** CAs that have expired, but signed nothing that is in use. */
export const idleNotes = (evidence: Evidence): string[] => casOf(evidence).idle
	.filter(ca => Date.parse(ca.notAfter) <= evidence.observation.now)
	.map(ca => `the CA ${ca.subject} (serial ${ca.serial}) has expired at ${ca.notAfter}; it signed no certificate in use and can be retired`);

/** Leaves that are valid for longer than every CA that vouches for them: they end with it, whatever they say. */
export const outlivingFindings = (evidence: Evidence): Finding[] => leavesOf(evidence).flatMap(({component, secret, leaf}): Finding[] => {
	const ends = signersOf(leaf, secret.bundle.certificates).map(({notAfter}) => notAfter).toSorted();
	const last = ends.at(-1);
	return last !== undefined && leaf.notAfter > last
		? [{
			code: 'outlives-ca',
			proof: 'chain',
			component,
			what: `the certificate in ${secretsNamed([secret.name])} says it is valid until ${leaf.notAfter}, but its CA ends before, at ${last}`,
			fix: `replace the CA in time: npm run rotate -- --cluster ${evidence.cluster.name}`,
		}]
		: [];
});
