import {componentsOfKind, partOf} from '../cluster/components.ts';
import type {ComponentName} from '../cluster/types.ts';
import type {TidbClusterSpec} from '../observe/objects.ts';

/** The common names of clients that a component's configuration takes. */
export type Allowed = {component: ComponentName; setting: string; names: string[]};

const settings = new Set(['cert-allowed-cn', 'cluster-verify-cn']);

/** TOML: a setting with one text or a list of them. */
const assignment = /^[\t ]*["']?(?<setting>cert-allowed-cn|cluster-verify-cn)["']?\s*=\s*(?<value>\[[^\]]*\]|"[^"]*"|'[^']*')/gmv;

const textsIn = (value: string): string[] => value.matchAll(/"(?<one>[^"]*)"|'(?<other>[^']*)'/gv).map(({groups}) => groups!.one ?? groups!.other ?? '').toArray();

const strings = (value: unknown): string[] => [value].flat().filter(one => typeof one === 'string');

/** The settings in a configuration: TOML as text, or an object, which may hold TOML itself (TiFlash). */
const settingsIn = (config: unknown): Array<{setting: string; names: string[]}> => {
	if (typeof config === 'string') {
		return config.matchAll(assignment).map(({groups}) => ({setting: groups!.setting!, names: textsIn(groups!.value!)})).toArray();
	}

	return typeof config === 'object' && config !== null
		? Object.entries(config).flatMap(([key, value]) => settings.has(key) ? [{setting: key, names: strings(value)}] : settingsIn(value))
		: [];
};

/** Which components check the CN of their clients, by `spec.<component>.config`; an empty list checks nothing. */
export const allowedNames = (spec: TidbClusterSpec): Allowed[] => [...componentsOfKind(), ...componentsOfKind('dm')].flatMap(component =>
	settingsIn(partOf(spec, component)?.config).filter(({names}) => names.length > 0).map(found => ({component, ...found})));
