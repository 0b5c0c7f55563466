import {verifies} from '../../certificates/verify.ts';
import type {CertificateFacts} from '../../certificates/types.ts';
import {spellDuration} from '../../cluster/duration.ts';
import type {Problem} from '../../cluster/problem.ts';
import {type Dated, datedOf, timeProblems} from '../../judge/expiry.ts';
import {heldBy, leavesOf} from '../../judge/held.ts';
import {leafWords} from '../../judge/words.ts';
import type {Facts} from './facts.ts';

/** What cures it; where the CA is at its end, an outage alone does, and cert-manager makes its own. */
const fixOf = ({is}: Dated, {cluster}: Facts): string => is === 'leaf'
	? 'renew the leaves alone first: npm run rotate -- --keep-ca'
	: `new certificates in all Secrets at once, with an outage: npm run ${cluster.issuance ? 'rotate -- --as-documented' : 'issue --'} --accept-outage`;

/** A CA that is renewed with its key takes one restart instead of two or three: it may still be in time, where that is safe. */
const soonFix = (dated: Dated, facts: Facts): string => {
	const {cluster: {issuance}, target: {route, reason = 'expiry'}, observation: {folder}} = facts;
	const [ca] = folder.certificates['ca.pem']?.certificates ?? [];
	const isAsked = dated.is === 'ca' && route === 'new-ca' && reason === 'expiry' && !issuance;
	const isRenewable = isAsked && ca !== undefined && folder.keys['ca-key.pem']?.publicKey === ca.publicKey;
	return isRenewable ? `${fixOf(dated, facts)}; or, where expiry is the only reason, one restart with the key that it has may be in time: npm run rotate -- --renew-ca` : fixOf(dated, facts);
};

const soonProblems = (dated: Dated, facts: Facts): Problem[] => {
	const {what, certificate: {notAfter}} = dated;
	const {observation: {now}, estimate, isCure} = facts;
	const left = Date.parse(notAfter) - now;
	return !isCure && left <= estimate
		? [{
			code: 'expires-soon',
			what: `${what} expires at ${notAfter}, in ${spellDuration(left)}, and the rotation may take ${spellDuration(estimate)}`,
			fix: soonFix(dated, facts),
		}]
		: [];
};

/** Whether anything has expired, or would before the rotation ends. An expired leaf is what --keep-ca cures, so it does not bar that. */
export const expiryProblems = (facts: Facts): Problem[] => {
	const judged = facts.isResumed ? [] : datedOf(heldBy(facts)).filter(({is}) => is === 'ca' || !facts.isCure);
	return judged.flatMap((dated): Problem[] => {
		const found = timeProblems(dated, facts.observation.now, fixOf(dated, facts));
		return found.length > 0 ? found : soonProblems(dated, facts);
	});
};

/** A moment at which the leaf itself is valid: its expiry is another check's. */
const validMoment = ({notBefore, notAfter}: CertificateFacts, now: number): number => Math.min(Math.max(now, Date.parse(notBefore)), Date.parse(notAfter));

/** Whether every present leaf verifies against every present bundle: each component meets each other. */
export const chainProblems = (facts: Facts): Problem[] => {
	if (facts.isResumed) {
		return [];
	}

	const present = leavesOf(facts).filter(({secret}) => secret.bundle.certificates.length > 0);
	return present.flatMap(({secret, leaf}) => present.flatMap(({secret: other}) => {
		const verdict = verifies(leaf, other.bundle.certificates, validMoment(leaf, facts.observation.now));
		return verdict.ok
			? []
			: [{
				code: 'not-trusted',
				what: `${leafWords(secret)} does not verify against ca.crt of ${other === secret ? 'the same Secret' : `Secret ${other.name}`}: ${verdict.reason}`,
				fix: 'the components refuse each other already; mend this first',
			}];
	}));
};
