import {isSameCa} from '../certificates/successor.ts';
import {components, secretName} from '../cluster/components.ts';
import {optionsFor} from '../cluster/names.ts';
import type {Problem} from '../cluster/problem.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Observation} from '../observe/types.ts';
import {isReturned, strayLeaves} from '../plan/position.ts';
import type {Target} from '../plan/types.ts';

/** What these checks look at; `isResumed`: the rotation is under way. */
type FolderQuestion = {cluster: Cluster; target: Target; observation: Observation; isResumed: boolean};

const stale = 'the folder is stale, or another cluster\'s: name the right one with --dir, or move it away and it is made again from the Secrets';

/** The file that holds the key of the CA that would sign, and the CA's own, as the folder stands. */
const signing = ({observation, target, isResumed}: FolderQuestion): {ca: string; key: string} | undefined => {
	const isOpen = 'ca.new.pem' in observation.folder.certificates;
	if (target.route === 'keep-ca') {
		return isOpen ? {ca: 'ca.new.pem', key: 'ca-key.new.pem'} : {ca: 'ca.pem', key: 'ca-key.pem'};
	}

	// On the way it has made what it is needed for.
	if (target.route === 'renew-ca') {
		return isResumed ? undefined : {ca: 'ca.pem', key: 'ca-key.pem'};
	}

	// The new CA's key is needed until its leaves are signed; the old one's never is.
	return isResumed && isOpen ? {ca: 'ca.new.pem', key: 'ca-key.new.pem'} : undefined;
};

/** The files that the documents name; others in the folder are a person's own affair. */
const isNamed = ({cluster}: FolderQuestion, file: string): boolean =>
	/^ca(?:-key)?(?:\.new|\.old)?\.pem$/v.test(file)
	|| cluster.components.some(component => file.replace(/(?:-key)?\.pem$/v, '') === components[component].file);

const pemProblems = (facts: FolderQuestion): Problem[] => {
	const {path, certificates, keys} = facts.observation.folder;
	const files = [...Object.entries(certificates), ...Object.entries(keys)].filter(([file]) => isNamed(facts, file));
	return files.flatMap(([file, {problem}]) => problem === undefined
		? []
		: [{
			code: 'unreadable',
			what: `${path}/${file}: ${problem}`,
			fix: 'mend the file: whole PEM blocks, with a newline at the end',
		}]);
};

const leafProblems = ({cluster, observation}: FolderQuestion, component: ComponentName): Problem[] => {
	const secret = observation.secrets[secretName(cluster.name, component)];
	const live = secret?.leaf.certificates[0];
	if (!live) {
		return [];
	}

	const {path, certificates, keys} = observation.folder;
	const {file} = components[component];
	const here = certificates[`${file}.pem`]?.certificates[0];
	const key = keys[`${file}-key.pem`];
	if (!here || !key) {
		return [{
			code: 'not-in-folder',
			what: `${path} has no ${here ? `${file}-key.pem` : `${file}.pem`}, though the Secret ${secret.name} holds it`,
			fix: 'take it from the Secret, or move the folder away and it is made again from the Secrets',
		}];
	}

	return [
		...(here.fingerprint === live.fingerprint || strayLeaves(observation).includes(component)
			? []
			: [{
				code: 'stale',
				what: `${path}/${file}.pem (serial ${here.serial}) is not the certificate in the Secret ${secret.name} (serial ${live.serial})`,
				fix: stale,
			}]),
		...(key.publicKey === undefined || key.publicKey === here.publicKey
			? []
			: [{
				code: 'key-misfit',
				what: `${path}/${file}-key.pem does not fit ${file}.pem`,
				fix: stale,
			}]),
	];
};

const caProblems = (facts: FolderQuestion): Problem[] => {
	const {cluster, target, observation, isResumed} = facts;
	const {path, certificates} = observation.folder;
	const bundled = Object.values(observation.secrets).flatMap(({bundle}) => bundle.certificates);
	const live = new Set(bundled.map(({fingerprint}) => fingerprint));
	const files = isResumed ? ['ca.pem', 'ca.old.pem', 'ca.new.pem'] : ['ca.pem'];
	const here = files.flatMap(file => certificates[file]?.certificates ?? []);
	const known = here.filter(({fingerprint}) => live.has(fingerprint));
	const isOther = here.length > 0 && here.every(ca => bundled.some(other => isSameCa(ca, other)));
	// A CA that was made anew is in no Secret at first.
	const isMadeAnew = isOther && isResumed && target.route === 'renew-ca';
	// Cert-manager renews the CA by itself; what one of its certificates verifies, the other does.
	const isRenewed = cluster.issuance !== undefined && isResumed && here.some(ca => bundled.some(other => isSameCa(ca, other)));
	const isKnown = isMadeAnew || isRenewed || (known.length > 0 && (isResumed || known.length === here.length));
	return isKnown || live.size === 0
		? []
		: [{
			code: 'stale',
			what: here.length === 0 ? `${path} has no ca.pem` : `${path}/ca.pem is not in the bundle of the Secrets`,
			fix: isOther ? `the Secrets hold another certificate of the same CA: where a way back was interrupted, go on with it: npm run rollback -- ${optionsFor(cluster)}` : stale,
		}];
};

const caKeyProblems = (facts: FolderQuestion): Problem[] => {
	const {path, certificates, keys} = facts.observation.folder;
	const signer = signing(facts);
	const present = certificates['ca.pem']?.certificates ?? [];
	const key = keys['ca-key.pem']?.publicKey;
	return [
		...(signer && !Object.hasOwn(keys, signer.key)
			? [{
				code: 'no-ca-key',
				what: `${path} has no ${signer.key}, so ${facts.target.route === 'renew-ca' ? `the certificate of ${signer.ca} cannot be made anew` : `nothing can be signed with ${signer.ca}`}`,
				fix: facts.target.route === 'new-ca'
					? 'take the key from a backup, or go back with npm run rollback'
					: `without --${facts.target.route} the CA is replaced, which does not need its key`,
			}]
			: []),
		...(key !== undefined && present.length > 0 && present.every(({publicKey}) => publicKey !== key)
			? [{code: 'key-misfit', what: `${path}/ca-key.pem does not fit ca.pem`, fix: stale}]
			: []),
	];
};

/**
Whether the cluster folder is this cluster's (design.md 4): a stale one, or one of a same-named cluster, would push wrong leaves.
A folder that is not there is made from the Secrets, but without the CA's key --keep-ca has nothing to sign with.
*/
export const folderProblems = (facts: FolderQuestion): Problem[] => {
	const {cluster, observation, isResumed} = facts;
	if (!observation.folder.exists) {
		return caKeyProblems(facts);
	}

	return [
		...pemProblems(facts),
		...(isResumed ? [] : cluster.components.flatMap(component => leafProblems(facts, component))),
		...(isReturned({cluster, observation}) ? [] : caProblems(facts)),
		...caKeyProblems(facts),
	];
};
