import {components} from '../cluster/components.ts';
import type {Component, ComponentName} from '../cluster/types.ts';
import {leavesOf} from '../judge/held.ts';
import {commandFor, leafWords} from '../judge/words.ts';
import {type Allowed, allowedNames} from './allowed.ts';
import type {Evidence, Finding} from './types.ts';

/** The CN that most leaves have. */
const usualName = (evidence: Evidence): string | undefined => {
	const counts = Object.values(Object.groupBy(leavesOf(evidence), ({leaf}) => leaf.commonName)).flatMap(group => group ? [group] : []);
	return counts.toSorted((one, other) => other.length - one.length)[0]?.[0]?.leaf.commonName;
};

const againstAllowed = ({component, setting, names}: Allowed): string =>
	`and ${component} takes only ${names.map(one => JSON.stringify(one)).join(', ')} (${setting})`;

/** Leaves whose CN a component would refuse by its configuration, or that have another than the others. On the MySQL side nobody asks for one. */
export const commonNameFindings = (evidence: Evidence): Finding[] => {
	if (evidence.cluster.side === 'mysql') {
		return [];
	}

	const usual = usualName(evidence);
	const allowed = allowedNames(evidence.observation.cluster.spec);
	return leavesOf(evidence).flatMap(({component, secret, leaf: {commonName}}): Finding[] => {
		const refusing = allowed.find(({names}) => !names.includes(commonName));
		const why = refusing ? againstAllowed(refusing) : (commonName === usual ? undefined : `the others have ${JSON.stringify(usual)}: a component that checks names refuses it`);
		return why === undefined
			? []
			: [{
				code: 'common-name',
				proof: 'commonName',
				component,
				what: `${leafWords(secret)} has the CN ${JSON.stringify(commonName)}, ${why}`,
				fix: `put the CN right in the request in the cluster folder, then ${commandFor(evidence.cluster, 'rotate', '--keep-ca')}`,
			}];
	});
};

const anyUsage = '2.5.29.37.0';

const usagesOf: Record<Component['profile'], string[]> = {internal: ['server auth', 'client auth'], server: ['server auth'], client: ['client auth']};

const wantedUsages = (component: ComponentName): string[] => usagesOf[components[component].profile];

/** Leaves that may not be used for what their component does with them: between the components, each server is a client of the others as well. */
export const usageFindings = (evidence: Evidence): Finding[] => leavesOf(evidence).flatMap(({component, secret, leaf: {extendedKeyUsages}}): Finding[] => {
	// Without the extension a certificate is for every use.
	const isForAll = extendedKeyUsages.length === 0 || extendedKeyUsages.includes(anyUsage);
	const missing = isForAll ? [] : wantedUsages(component).filter(usage => !extendedKeyUsages.includes(usage));
	return missing.length === 0
		? []
		: [{
			code: 'usage',
			proof: 'usages',
			component,
			what: `${leafWords(secret)} is not for ${missing.join(' and ')}: it has ${extendedKeyUsages.join(', ')}`,
			fix: `put the usages right in ca-config.json of the cluster folder, then ${commandFor(evidence.cluster, 'rotate', '--keep-ca')}`,
		}];
});
