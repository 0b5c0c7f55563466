import {checkCaConfig, profileLife, profileUsages} from '../../cluster/ca-config.ts';
import {caLife, checkCaRequest, checkRequest} from '../../cluster/check-request.ts';
import {components, secretName} from '../../cluster/components.ts';
import {spellDuration} from '../../cluster/duration.ts';
import type {Problem} from '../../cluster/problem.ts';
import type {ComponentName} from '../../cluster/types.ts';
import type {Facts} from './facts.ts';

type Read = {value: unknown} | {problems: Problem[]};

/** A JSON file as it will be when it is used. One that is missing is written by the plan. */
const read = ({observation, texts}: Facts, file: string): Read => {
	const text = texts[file];
	if (text !== undefined) {
		return {value: JSON.parse(text)};
	}

	const request = observation.folder.requests[file];
	if (!request) {
		return {problems: []};
	}

	return request.problem === undefined
		? {value: request.value}
		: {
			problems: [{
				code: 'bad-json',
				what: `${observation.folder.path}/${file} is no JSON: ${request.problem}`,
				fix: 'mend the file, or remove it and it is made again',
			}],
		};
};

const judge = (facts: Facts, file: string, check: (value: unknown) => Problem[]): Problem[] => {
	const found = read(facts, file);
	return 'problems' in found ? found.problems : check(found.value);
};

const valueOf = (facts: Facts, file: string): unknown => {
	const found = read(facts, file);
	return 'value' in found ? found.value : undefined;
};

/** A profile gives the usages: what the live leaf has and its profile does not would be lost. */
const usageProblems = (facts: Facts, component: ComponentName): Problem[] => {
	const {file, profile} = components[component];
	const leaf = facts.observation.secrets[secretName(facts.cluster.name, component)]?.leaf.certificates[0];
	const given = profileUsages(valueOf(facts, 'ca-config.json'), profile);
	// A usage that is known by its OID only has no word in cfssl to compare.
	const had = given ? (leaf?.extendedKeyUsages ?? []).filter(usage => !/^\d/v.test(usage)) : [];
	return had.filter(usage => !given!.includes(usage)).map(usage => ({
		code: 'lost',
		what: `ca-config.json: profile ${profile} lacks the usage "${usage}", which the live certificate of ${file}.json has`,
		fix: `add "${usage}" to its usages`,
	}));
};

/** How long the CA that will sign still lives, in milliseconds; undefined where another check says why it cannot be told. */
const caLeft = (facts: Facts): number | undefined => {
	const {observation, target} = facts;
	const {certificates} = observation.folder;
	const [signer] = (certificates['ca.new.pem'] ?? (target.route === 'keep-ca' ? certificates['ca.pem'] : undefined))?.certificates ?? [];
	return signer ? Date.parse(signer.notAfter) - observation.now : caLife(valueOf(facts, 'ca-csr.json'));
};

const insteadOfKeeping = [
	'replace the CA as well (without --keep-ca)',
	'where its expiry is the only reason, make its certificate anew with the same key, which restarts each pod once instead of twice or three times (--renew-ca)',
].join(', or, ');

/** Cfssl does not limit a leaf's life by its CA's, and a leaf whose CA has expired is worth nothing. */
const lifeProblems = (facts: Facts, profile: string): Problem[] => {
	const life = profileLife(valueOf(facts, 'ca-config.json'), profile);
	if (life === undefined || life <= 0) {
		return [];
	}

	const left = caLeft(facts);
	const otherWay = facts.target.route === 'keep-ca' ? insteadOfKeeping : 'lengthen ca.expiry in ca-csr.json';
	return [
		...(left === undefined || left <= 0 || life <= left
			? []
			: [{
				code: 'outlives',
				what: `leaves of profile ${profile} would live ${spellDuration(life)}, longer than their CA with ${spellDuration(left)}`,
				fix: `shorten the profile's expiry in ca-config.json, or ${otherWay}`,
			}]),
		...(facts.isCure || life > facts.estimate
			? []
			: [{
				code: 'expires-soon',
				what: `leaves of profile ${profile} would live ${spellDuration(life)}, and the rotation may take ${spellDuration(facts.estimate)}`,
				fix: 'lengthen the profile\'s expiry in ca-config.json',
			}]),
	];
};

/**
Whether what will be signed is what was meant: the leaves' requests lose nothing of the live leaves, the CA's request and the
signing configuration are read whole by cfssl, and no leaf outlives its CA.
*/
export const requestProblems = (facts: Facts): Problem[] => {
	const {cluster, observation, target, isResumed} = facts;
	const signed = cluster.components.filter(component => target.leaves.includes(component));
	const profiles = [...new Set(signed.map(component => components[component].profile))];
	const leaves = signed.flatMap(component => {
		const file = `${components[component].file}.json`;
		const live = observation.secrets[secretName(cluster.name, component)]?.leaf.certificates[0];
		return judge(facts, file, value => checkRequest(file, value, live));
	});
	return [
		...leaves,
		...(!isResumed && target.route === 'new-ca' ? judge(facts, 'ca-csr.json', value => checkCaRequest(value)) : []),
		...judge(facts, 'ca-config.json', value => checkCaConfig(value, profiles)),
		...signed.flatMap(component => usageProblems(facts, component)),
		...profiles.flatMap(profile => lifeProblems(facts, profile)),
	];
};
