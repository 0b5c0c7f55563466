import {components} from '../cluster/components.ts';
import type {PemFacts} from '../certificates/types.ts';
import {type Held, heldBy} from '../judge/held.ts';
import {short} from '../judge/words.ts';
import {isFolderIdle} from './issuance.ts';
import type {Evidence, Finding} from './types.ts';

const fix = 'npm run rotate goes on where a rotation was left; a stale folder is moved away, and is made again from the Secrets';

const fingerprints = (facts: PemFacts | undefined): string[] => (facts?.certificates ?? []).map(({fingerprint}) => fingerprint);

const list = (facts: PemFacts | undefined): string => facts === undefined || facts.certificates.length === 0 ? 'nothing' : fingerprints(facts).map(each => short(each)).join(' and ');

const ofComponent = ({observation}: Evidence, {component, secret, leaf}: Held): Finding[] => {
	const {path, certificates, keys} = observation.folder;
	const {file} = components[component];
	const here = certificates[`${file}.pem`]?.certificates[0];
	const key = keys[`${file}-key.pem`];
	const bundle = certificates['ca.pem'];
	const problems: Array<[isWrong: boolean, what: string]> = [
		[here === undefined, `${path} has no ${file}.pem that can be read, and Secret ${secret.name} holds serial ${short(leaf?.serial)}`],
		[
			here !== undefined && leaf !== undefined && here.fingerprint !== leaf.fingerprint,
			`${path}/${file}.pem (serial ${short(here?.serial)}) is not the certificate in Secret ${secret.name} (serial ${short(leaf?.serial)})`,
		],
		[here !== undefined && key?.publicKey !== here.publicKey, `${path}/${file}-key.pem does not fit ${file}.pem`],
		[
			fingerprints(bundle).join(' ') !== fingerprints(secret.bundle).join(' '),
			`${path}/ca.pem holds ${list(bundle)}, ca.crt of Secret ${secret.name} holds ${list(secret.bundle)}`,
		],
	];
	return problems.filter(([isWrong]) => isWrong).map(([, what]) => ({
		code: 'folder-differs', proof: 'folder', component, what, fix,
	}));
};

/** In what the cluster folder is not what the Secrets hold. A folder that is not there is no fault: it is made again from the Secrets. */
export const folderFindings = (evidence: Evidence): Finding[] => evidence.observation.folder.exists && !isFolderIdle(evidence) ? heldBy(evidence).flatMap(held => ofComponent(evidence, held)) : [];
