import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import type {SecretFacts} from '../observe/types.ts';
import type {Held} from './held.ts';
import {secretsNamed, short} from './words.ts';

/** The way out where bundles do not fit. */
export const goOn = 'npm run rotate goes on where a rotation was left; else write the same bundle to every Secret and restart the pods';

/** Whether a Secret's bundle holds a CA that signed a leaf, whatever their validity. */
export const isTrusted = (leaf: CertificateFacts, {bundle}: SecretFacts): boolean => signersOf(leaf, bundle.certificates).length > 0;

/** Bundles that lack the CA of some of the leaves: each component meets each other. */
export const lackingProblems = (held: Held[], leaves: Array<Required<Held>>) => held.flatMap(({component, secret}) => {
	const lacking = leaves.filter(({leaf}) => !isTrusted(leaf, secret));
	const issuers = new Set(lacking.map(({leaf}) => short(leaf.authorityKeyId)));
	return lacking.length === 0
		? []
		: [{
			component,
			secret: secret.name,
			code: 'not-trusted' as const,
			what: `ca.crt of Secret ${secret.name} lacks the CA that signed the certificate in ${secretsNamed(lacking.map(one => one.secret.name))} (key id ${[...issuers].join(', ')})`,
			fix: goOn,
		}];
});
