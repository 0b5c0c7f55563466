import {isSameCa} from '../certificates/successor.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {signersOf} from '../certificates/verify.ts';
import {componentSecrets, distinct, leafOf} from '../judge/held.ts';
import type {Position} from '../plan/place.ts';
import type {Judged} from './findings.ts';

type Standing = {
	/** Which of two CAs signed the leaf: the older, the newer, or neither. */
	signer: 'old' | 'new' | 'neither';
	trustsOld: boolean;
	trustsNew: boolean;
};

const position = (name: Position['name'], why: string): Position => ({name, why: [why]});

/** The documents' bundle has the new CA first; where two began at the same second, that decides. */
const oldestFirst = (cas: CertificateFacts[]): CertificateFacts[] => cas.toReversed().toSorted((one, other) => Date.parse(one.notBefore) - Date.parse(other.notBefore));

/** Where Secrets that hold two CAs stand between them. */
const between = (standings: Standing[]): Position => {
	const both = standings.filter(({trustsOld, trustsNew}) => trustsOld && trustsNew).length;
	const signedNew = standings.filter(({signer}) => signer === 'new').length;
	const total = standings.length;
	if (standings.some(({signer}) => signer === 'neither')) {
		return position('unclear', 'a leaf is of neither of the two CAs that the Secrets trust');
	}

	if (signedNew === 0) {
		return standings.every(({trustsOld}) => trustsOld)
			? position('trust', both === total ? 'every Secret trusts both CAs, and every leaf is of the older one' : `${both} of ${total} Secrets trust both CAs, and every leaf is of the older one`)
			: position('unclear', 'every leaf is of the older CA, and not every Secret trusts it');
	}

	if (signedNew < total) {
		return both === total
			? position('reissue', `every Secret trusts both CAs, and ${signedNew} of ${total} leaves are of the newer one`)
			: position('unclear', `leaves of both CAs are in use, and only ${both} of ${total} Secrets trust both`);
	}

	if (both === total) {
		return position('old CA still trusted', 'every Secret trusts both CAs, and every leaf is of the newer one');
	}

	return standings.every(({trustsNew}) => trustsNew)
		? position('retire', `every leaf is of the newer CA, and ${both} of ${total} Secrets still trust the older one`)
		: position('unclear', 'every leaf is of the newer CA, and not every Secret trusts it');
};

/**
Where a cluster stands by its Secrets alone: what they trust, and who signed what they hold. Pods that were not restarted, and what is
only in the cluster folder yet, cannot be seen here.
*/
export const positionInSecrets = ({cluster, secrets}: Judged): Position => {
	const present = componentSecrets(cluster, secrets).flatMap(({bundle, ...secret}) => {
		const leaf = leafOf({...secret, bundle});
		return leaf && bundle.certificates.length > 0 ? [{leaf, bundle: bundle.certificates}] : [];
	});
	if (present.length < cluster.components.length) {
		return position('unclear', `${cluster.components.length - present.length} of ${cluster.components.length} Secrets lack a certificate or a bundle that can be read`);
	}

	const cas = oldestFirst(distinct(present.flatMap(({bundle}) => bundle)));
	const [old, newest] = cas;
	if (!old || !newest) {
		return present.every(({leaf, bundle}) => signersOf(leaf, bundle).length > 0)
			? position('at rest', 'every Secret trusts one and the same CA, which signed every leaf')
			: position('unclear', 'the Secrets trust one CA, which did not sign every leaf');
	}

	if (cas.every(ca => isSameCa(ca, old)) && present.every(({bundle}) => bundle.length === 1)) {
		const behind = present.filter(({bundle}) => bundle.every(({fingerprint}) => fingerprint !== cas.at(-1)!.fingerprint)).length;
		return position('CA renewal', `${present.length - behind} of ${present.length} Secrets have the CA certificate that was made anew last, of one key and subject with the one before`);
	}

	if (cas.length > 2) {
		return position('unclear', `the Secrets trust ${cas.length} CAs, and a rotation has two`);
	}

	return between(present.map(({leaf, bundle}) => {
		const signers = signersOf(leaf, cas);
		const trusts = (ca: CertificateFacts): boolean => bundle.some(({fingerprint}) => fingerprint === ca.fingerprint);
		return {
			// A CA that was made anew for its old key signed what the older one signed.
			signer: signers.includes(newest) ? 'new' : (signers.includes(old) ? 'old' : 'neither'),
			trustsOld: trusts(old),
			trustsNew: trusts(newest),
		};
	}));
};
