import {quote} from 'shlex';
import {documentOrder, isComponent} from '../cluster/components.ts';
import {suggest} from '../cluster/nearest.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import type {Target} from '../plan/types.ts';
import {usage} from './errors.ts';
import {checkNames} from './names.ts';
import {checkProbeUsage, givenProbe, type ProbeFlags} from './probe/options.ts';
import type {SharedOptions} from './shared-options.ts';

export type RotateOptions = SharedOptions & ProbeFlags & {
	retireOldCa?: boolean;
	keepCa?: boolean;
	until?: 'trust' | 'reissue';
	dryRun?: boolean;
	explain?: boolean;
	output?: 'text' | 'json';
	new?: boolean;
	minAge: number;
	/** Milliseconds before the latest safe start from which on a rotation begins. */
	ifDue?: number;
	/** Milliseconds of stability between two phases. */
	soak?: number;
	keepBackups?: number;
	components?: string[];
	mergeSans?: boolean;
	caOu?: string;
	strictGates?: boolean;
	/** Consumers for which a person answers, as they were named. */
	iHaveHandled?: string[];
};

/** Combinations that make no sense, before anything is looked at. */
export const checkUsage = (options: RotateOptions): void => {
	checkNames(options.cluster, options.namespace);
	if (options.components && !options.keepCa) {
		throw usage('--components limits leaves, so it needs --keep-ca: trust, gates and retire always cover every component');
	}

	const forCa = [options.retireOldCa, options.caOu !== undefined, options.until === 'trust'];
	if (options.keepCa && forCa.includes(true)) {
		throw usage('--keep-ca renews leaves only; it does not go with --retire-old-ca, --ca-ou or --until trust');
	}

	if (options.until !== undefined && options.retireOldCa) {
		throw usage('--until and --retire-old-ca contradict each other');
	}

	if (options.soak !== undefined && options.keepCa) {
		throw usage('--soak waits between phases, and --keep-ca has one phase only');
	}

	if (options.output !== undefined && !options.dryRun) {
		throw usage('--output is the form of a dry run: it needs --dry-run');
	}

	if (options.explain && options.output === 'json') {
		throw usage('--explain is for people: the JSON of a dry run has the proof in numbers');
	}

	checkProbeUsage(options);
	const unknown = options.components?.find(name => !isComponent(name));
	if (unknown !== undefined) {
		throw usage(`${unknown} is no component of TiDB that this tool knows`, suggest(unknown, documentOrder));
	}
};

/** What the options ask for. */
export const targetOf = (options: RotateOptions, cluster: Cluster): Target => {
	const leaves = (options.components ?? cluster.components) as ComponentName[];
	const missing = leaves.find(name => !cluster.components.includes(name));
	if (missing !== undefined) {
		throw usage(`TidbCluster ${cluster.name} has no ${missing}`);
	}

	return {
		route: options.keepCa ? 'keep-ca' : 'new-ca',
		retire: options.retireOldCa ?? false,
		leaves,
		strict: options.strictGates ?? false,
		...(options.until !== undefined && {until: options.until}),
		...(options.soak !== undefined && {soak: options.soak}),
		...(options.caOu !== undefined && {caOu: options.caOu}),
	};
};

const usualMinAge = 86_400_000;

/** The command as it was asked for, for "go on" in messages: pasteable. */
export const goOnCommand = (options: RotateOptions, cluster: Cluster): string => {
	const given: Array<[flag: string, value: string | boolean | undefined]> = [
		['--cluster', cluster.name],
		['--namespace', options.namespace],
		['--dir', options.dir],
		['--kubeconfig', options.kubeconfig],
		['--context', options.context],
		['--keep-ca', options.keepCa],
		['--components', options.components?.join(',')],
		['--retire-old-ca', options.retireOldCa],
		['--until', options.until],
		['--soak', options.soak === undefined ? undefined : `${options.soak / 1000}s`],
		['--keep-backups', options.keepBackups?.toString()],
		['--merge-sans', options.mergeSans],
		['--ca-ou', options.caOu],
		['--strict-gates', options.strictGates],
		...givenProbe(options),
		['--min-age', options.minAge === usualMinAge ? undefined : `${options.minAge / 1000}s`],
		['--if-due', options.ifDue === undefined ? undefined : `${options.ifDue / 1000}s`],
		['--yes', options.yes],
	];
	const handled = (options.iHaveHandled ?? []).map((name): [string, string] => ['--i-have-handled', name]);
	const words = [...given, ...handled].flatMap(([flag, value]) => value === undefined || value === false ? [] : (value === true ? [flag] : [flag, value]));
	return ['npm run rotate --', ...words.map(word => quote(word))].join(' ');
};
