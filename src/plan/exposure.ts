import type {CertificateFacts, KeyFacts, PemFacts} from '../certificates/types.ts';
import {isSignedBy} from '../certificates/verify.ts';
import type {Observation} from '../observe/types.ts';
import {authorities} from './care.ts';
import {consumerName} from './judge-consumers.ts';
import {caBackup} from './lines.ts';
import type {Plan} from './types.ts';

/** What a stolen key of a CA is good for, as far as it can be seen from here. */
export type Exposure = {
	cas: CertificateFacts[];
	/** The CA that stays, where two are trusted: it may be its key instead. */
	staying: CertificateFacts[];
	/** What it has signed that is still valid, each certificate once, with every place that holds it. */
	leaves: Array<{leaf: CertificateFacts; places: string[]}>;
	/** Where copies of the key lie. */
	keys: string[];
};

type Placed = {leaf: CertificateFacts; place: string};

/** The cluster folder and its backups, by their paths. */
const foldersOf = ({folder: {path, backups, ...own}}: Observation): Array<{path: string; certificates: Record<string, PemFacts>; keys: Record<string, KeyFacts>}> =>
	[{...own, path}, ...backups.map(({name, certificates, keys}) => ({path: `${path}/backups/${name}`, certificates, keys}))];

const placed = (observation: Observation, namespace: string): Placed[] => [
	...Object.values(observation.secrets).flatMap(({name, leaf}) => leaf.certificates.map(certificate => ({leaf: certificate, place: `Secret/${namespace}/${name}`}))),
	...foldersOf(observation).flatMap(({path, certificates}) => Object.entries(certificates).flatMap(([file, facts]) => facts.certificates.map(leaf => ({leaf, place: `${path}/${file}`})))),
	...(observation.consumers?.found ?? []).flatMap(consumer => consumer.leaves.map(leaf => ({leaf, place: consumerName(consumer)}))),
];

const keysOf = ({cluster: {issuance, namespace}}: Plan, observation: Observation, cas: CertificateFacts[]): string[] => [
	...foldersOf(observation).flatMap(({path, keys}) => Object.entries(keys)
		.filter(([, {publicKey}]) => cas.some(ca => ca.publicKey === publicKey))
		.map(([file]) => `${path}/${file}`)),
	...(issuance ? [`Secret/${namespace}/${issuance.ca.secret}`, ...observation.folder.backups.map(({name}) => `${observation.folder.path}/backups/${name}/${caBackup}`)] : []),
];

/**
With `--reason compromised`: which CA it is about, what its key has signed and is still valid, and where copies of the key lie. What was
signed elsewhere nobody can see. Pure; `observation` is the one that the plan was made from, with its consumers.
*/
export const exposureOf = (plan: Plan, observation: Observation): Exposure | undefined => {
	if (plan.target.reason !== 'compromised') {
		return undefined;
	}

	const {before, after: staying} = authorities(observation);
	const cas = new Map(before.map(ca => [ca.fingerprint, ca])).values().toArray();
	const valid = placed(observation, plan.cluster.namespace).filter(({leaf}) => !leaf.isCa && Date.parse(leaf.notAfter) > observation.now && cas.some(ca => isSignedBy(leaf, ca)));
	const leaves = Map.groupBy(valid, ({leaf}) => leaf.fingerprint).values().map(same => ({leaf: same[0]!.leaf, places: [...new Set(same.map(({place}) => place))]}));
	return {
		cas, staying, leaves: leaves.toArray(), keys: keysOf(plan, observation, cas),
	};
};
