import {readCertificates} from '../certificates/read.ts';
import type {PemFacts} from '../certificates/types.ts';
import type {Problem} from '../cluster/problem.ts';
import type {SecretFacts} from '../observe/types.ts';

const keys = ['tls.crt', 'tls.key', 'ca.crt'];

/** Whether nothing but the newline at the end is missing. */
const isMissingNewlineOnly = ({problem, text}: PemFacts): boolean =>
	problem !== undefined && !text.endsWith('\n') && readCertificates(`${text}\n`).problem === undefined;

const contentProblems = ({name, leaf, key, bundle}: SecretFacts): Problem[] => {
	const [certificate] = leaf.certificates;
	// A missing newline matters where files are concatenated: in the folder.
	const unsound = ([['tls.crt', leaf], ['ca.crt', bundle]] as const).filter(([, facts]) => facts.problem !== undefined && !isMissingNewlineOnly(facts));
	return [
		...unsound.map(([file, {problem}]) => ({
			code: 'unreadable',
			what: `Secret ${name}: ${file}: ${problem!}`,
			fix: 'put a whole PEM file there',
		})),
		...(key.problem === undefined
			? []
			: [{
				code: 'unreadable',
				what: `Secret ${name}: tls.key: ${key.problem}`,
				fix: 'put the key of its certificate there',
			}]),
		...(certificate && key.publicKey !== undefined && key.publicKey !== certificate.publicKey
			? [{
				code: 'key-misfit',
				what: `Secret ${name}: tls.key does not fit tls.crt (serial ${certificate.serial})`,
				fix: 'put the certificate and the key that belong together there',
			}]
			: []),
	];
};

/** Whether one Secret is there, whole, can be changed, and holds a key that fits its certificate; a key that was not read is not judged. */
export const secretProblems = (secret: SecretFacts): Problem[] => {
	if (!secret.exists) {
		return [{
			code: 'no-secret',
			what: `Secret ${secret.name} does not exist`,
			fix: 'npm run issue makes the first certificates and Secrets of a cluster',
		}];
	}

	const missing = keys.filter(key => !secret.keys.includes(key));
	return [
		...(secret.immutable
			? [{
				code: 'immutable',
				what: `Secret ${secret.name} is immutable, so it cannot be given another certificate`,
				fix: 'make it again without "immutable: true"',
			}]
			: []),
		...(missing.length > 0
			? [{
				code: 'no-key',
				what: `Secret ${secret.name} has no ${missing.join(', ')}`,
				fix: 'each Secret must hold tls.crt, tls.key and ca.crt',
			}]
			: contentProblems(secret)),
	];
};
