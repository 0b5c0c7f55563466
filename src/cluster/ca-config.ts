import {configSchema, type Profile} from './cfssl-schema.ts';
import {expiryProblems, lifeOf} from './expiry.ts';
import {readGoJson} from './go-json.ts';
import {suggest, nearest} from './nearest.ts';
import type {Problem} from './problem.ts';

/** Every word that cfssl knows as a usage. */
const usages = [
	'signing',
	'digital signature',
	'content commitment',
	'key encipherment',
	'key agreement',
	'data encipherment',
	'cert sign',
	'crl sign',
	'encipher only',
	'decipher only',
	'any',
	'server auth',
	'client auth',
	'code signing',
	'email protection',
	's/mime',
	'ipsec end system',
	'ipsec tunnel',
	'ipsec user',
	'timestamping',
	'ocsp signing',
	'microsoft sgc',
	'netscape sgc',
];

/** What the certificates of each profile are used for, by the documents. */
const required = new Map([['internal', ['server auth', 'client auth']], ['client', ['client auth']], ['server', ['server auth']]]);

const example = '8760h';

const unknownUsage = (place: string, usage: string): Problem => ({
	code: 'unknown-usage',
	what: `${place}: cfssl does not know the usage ${JSON.stringify(usage)} and drops it without a word`,
	fix: suggest(usage, usages),
});

const isRemote = ({remote, auth_remote: authRemote}: Profile): boolean => (remote ?? '') !== '' || (authRemote?.remote ?? '') !== '';

const profileProblems = (file: string, name: string, profile: Profile): Problem[] => {
	const place = `${file}: profile ${name}`;
	const given = profile.usages ?? [];
	const lacking = (required.get(name) ?? []).filter(usage => !given.includes(usage));
	return [
		...expiryProblems(place, profile, example),
		...given.filter(usage => !usages.includes(usage)).map(usage => unknownUsage(place, usage)),
		...lacking.map(usage => ({
			code: 'no-usage',
			what: `${place} lacks the usage "${usage}", which TiDB's components check`,
			fix: `add "${usage}" to its usages`,
		})),
		...(profile.ca_constraint?.is_ca
			? [{
				code: 'profile-ca',
				what: `${place} would make CAs instead of leaves (ca_constraint.is_ca)`,
				fix: 'remove ca_constraint',
			}]
			: []),
		...(isRemote(profile)
			? [{
				code: 'profile-remote',
				what: `${place} signs at a remote server, not with the CA of the cluster folder`,
				fix: 'remove "remote" and "auth_remote"',
			}]
			: []),
	];
};

const noProfile = (file: string, name: string, present: string[]): Problem => {
	const meant = nearest(name, present);
	return {
		code: 'no-profile',
		what: `${file} has no profile "${name}"`,
		fix: meant === undefined ? 'take the profile from templates/ca-config.json' : `it has "${meant}": was that meant?`,
	};
};

/**
Checks ca-config.json: that each profile which will be used is there with its usages, and that every expiry is really there.
`value` is the parsed JSON, `profiles` the names that the components need.
*/
export const checkCaConfig = (value: unknown, profiles: readonly string[], file = 'ca-config.json'): Problem[] => {
	const {value: config, problems} = readGoJson(file, configSchema, value);
	if (!config) {
		return problems;
	}

	const {default: standard, profiles: present = {}} = config.signing;
	return [
		...problems,
		...(standard ? expiryProblems(`${file}: signing.default`, standard, example) : []),
		...profiles.filter(name => !Object.hasOwn(present, name)).map(name => noProfile(file, name, Object.keys(present))),
		...Object.entries(present).flatMap(([name, profile]) => profileProblems(file, name, profile)),
	];
};

/** How long the leaves of a profile are valid once made, in milliseconds; undefined when checkCaConfig has problems. */
export const profileLife = (value: unknown, profile: string): number | undefined =>
	lifeOf(readGoJson('', configSchema, value).value?.signing.profiles?.[profile] ?? {});

/** The usages of a profile, in cfssl's words; undefined when it has none, or checkCaConfig has problems. */
export const profileUsages = (value: unknown, profile: string): string[] | undefined =>
	readGoJson('', configSchema, value).value?.signing.profiles?.[profile]?.usages;
