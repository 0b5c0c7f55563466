import {type Held, heldBy, leavesOf} from '../judge/held.ts';
import {goOn, isTrusted, lackingProblems} from '../judge/trust.ts';
import {leafWords, secretsNamed, short} from '../judge/words.ts';
import type {Evidence, Finding} from './types.ts';

/** Those whose bundle holds something. */
const bundlesOf = (evidence: Evidence): Held[] => heldBy(evidence).filter(({secret}) => secret.bundle.certificates.length > 0);

/** Leaves that no bundle of the cluster vouches for, and bundles that lack the CA of a leaf which others vouch for. */
export const chainFindings = (evidence: Evidence): Finding[] => {
	const held = bundlesOf(evidence);
	const leaves = leavesOf(evidence);
	const known = leaves.filter(({leaf}) => held.some(({secret}) => isTrusted(leaf, secret)));
	return [
		...leaves.filter(one => !known.includes(one)).map(({component, secret, leaf}): Finding => ({
			code: 'not-trusted',
			proof: 'chain',
			component,
			what: `${leafWords(secret)} (serial ${short(leaf.serial)}) is signed by no CA of any Secret of the cluster; its issuer's key id is ${short(leaf.authorityKeyId)}`,
			fix: 'put the certificate of the present CA there, or go on with npm run rotate',
		})),
		...lackingProblems(held, known).map(({secret, ...problem}): Finding => ({...problem, proof: 'chain'})),
	];
};

const contentOf = ({secret}: Held): string => [...new Set(secret.bundle.certificates.map(({fingerprint}) => fingerprint))].toSorted().join(' ');

/** Secrets whose bundle is another than that of most. */
export const differingBundles = (evidence: Evidence): Finding[] => {
	const groups = Object.values(Object.groupBy(bundlesOf(evidence), one => contentOf(one))).flatMap(group => group ? [group] : []);
	const [most, ...rest] = groups.toSorted((one, other) => other.length - one.length);
	return rest.flat().map(({component, secret}) => ({
		code: 'bundles-differ',
		component,
		what: [
			`ca.crt of Secret ${secret.name} holds the CAs ${secret.bundle.certificates.map(({fingerprint}) => short(fingerprint)).join(' and ')}`,
			`that of ${secretsNamed(most!.map(one => one.secret.name))} holds ${most![0]!.secret.bundle.certificates.map(({fingerprint}) => short(fingerprint)).join(' and ')}`,
		].join(', '),
		fix: goOn,
	}));
};

/** Bundles that hold a CA more than once: somebody has combined a CA with itself. */
export const duplicates = (evidence: Evidence): Finding[] => heldBy(evidence).flatMap(({component, secret}): Finding[] => {
	const all = secret.bundle.certificates;
	const twice = all.filter(({fingerprint}, index) => all.findIndex(ca => ca.fingerprint === fingerprint) !== index);
	return twice.length === 0
		? []
		: [{
			code: 'duplicate-ca',
			component,
			what: `ca.crt of Secret ${secret.name} holds the CA ${short(twice[0]!.fingerprint)} more than once`,
			fix: 'see whether it should hold the new and the old CA, and write those: npm run rotate goes on where a rotation was left',
		}];
});
