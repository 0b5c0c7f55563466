import {signersOf} from '../certificates/verify.ts';
import {markedBy} from '../cluster/cert-manager.ts';
import {leafOf} from '../judge/held.ts';
import type {FolderFacts, SecretFacts} from '../observe/types.ts';
import {isCaFile} from '../plan/ca-files.ts';
import type {SecretStatus} from './schema.ts';

const isInFolder = (secret: SecretFacts, {certificates}: FolderFacts): boolean => {
	const leaf = leafOf(secret);
	const cas = Object.entries(certificates).filter(([file]) => isCaFile(file)).flatMap(([, facts]) => facts.certificates);
	return leaf !== undefined
		&& (Object.values(certificates).some(facts => facts.certificates[0]?.fingerprint === leaf.fingerprint) || signersOf(leaf, cas).length > 0);
};

/**
Who issued a Secret's certificate. cert-manager: by its annotation or its owner, or because a Certificate names the Secret
(`isNamed`). The cfssl folder: it holds the certificate, or the CA that signed it.
*/
export const issuedBy = (secret: SecretFacts, folder: FolderFacts, isNamed: boolean): SecretStatus['issuedBy'] => {
	if (isNamed || markedBy(secret) !== undefined) {
		return 'cert-manager';
	}

	return isInFolder(secret, folder) ? 'cfssl folder' : 'unknown';
};
