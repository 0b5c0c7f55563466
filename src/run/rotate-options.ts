import {quote} from 'shlex';
import {componentsOfKind, mysqlComponents} from '../cluster/components.ts';
import {kindOf, objectWords} from '../cluster/kinds.ts';
import {namingWords} from '../cluster/names.ts';
import {suggest} from '../cluster/nearest.ts';
import type {Cluster, ComponentName} from '../cluster/types.ts';
import {reasonBar} from '../plan/routes.ts';
import type {Reason, Target} from '../plan/types.ts';
import {refused, usage} from './errors.ts';
import {checkLoginUsage, givenLogin, type LoginFlags} from './login.ts';
import {placeOf} from './names.ts';
import {checkProbeUsage, givenProbe, type ProbeFlags} from './probe/options.ts';
import type {SharedOptions} from './shared-options.ts';

export type RotateOptions = SharedOptions & ProbeFlags & LoginFlags & {
	/** More clusters, which share its CA. */
	with?: string[];
	retireOldCa?: boolean;
	keepCa?: boolean;
	renewCa?: boolean;
	reason?: Reason;
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
	asDocumented?: boolean;
	acceptOutage?: boolean;
	strictGates?: boolean;
	/** Consumers for which a person answers, as they were named. */
	iHaveHandled?: string[];
};

const routeOf = ({renewCa, keepCa}: RotateOptions): Target['route'] => renewCa ? 'renew-ca' : (keepCa ? 'keep-ca' : 'new-ca');

/** `--as-documented` has one way only, and an outage is agreed to where there is one. */
const checkDocumented = (options: RotateOptions): void => {
	const {asDocumented, acceptOutage, keepCa} = options;
	if (acceptOutage && (!asDocumented || keepCa)) {
		throw usage('--accept-outage agrees to the outage of --as-documented with a new CA; nothing else of rotate needs one');
	}

	const others = [options.retireOldCa, options.until !== undefined, options.soak !== undefined, options.new, options.mergeSans, options.caOu !== undefined];
	if (asDocumented && others.includes(true)) {
		throw usage('--as-documented is the documents\' procedure for cert-manager, whole; it does not go with --retire-old-ca, --until, --soak, --new, --merge-sans or --ca-ou');
	}
};

/** Several clusters have to go together where a CA comes and goes, and nowhere else. */
const checkTogether = (options: RotateOptions): void => {
	const others = [options.keepCa, options.renewCa, options.new, options.components !== undefined, options.asDocumented];
	if (options.with && others.includes(true)) {
		throw usage('several --cluster are for a new CA that they share; with --keep-ca, --renew-ca, --new, --components or --as-documented name one at a time');
	}
};

/** `--renew-ca` has one phase and one proof, and a reason may rule a way out. */
const checkReason = (options: RotateOptions): void => {
	const {renewCa, keepCa, retireOldCa: retire = false, asDocumented, reason, until} = options;
	const others = [keepCa, retire, until !== undefined, options.soak !== undefined, options.new, options.components !== undefined, options.mergeSans, options.caOu !== undefined, asDocumented];
	if (renewCa && reason !== 'compromised' && others.includes(true)) {
		throw usage('--renew-ca makes the CA\'s certificate anew and nothing else; it does not go with '
			+ '--keep-ca, --retire-old-ca, --until, --soak, --new, --components, --merge-sans, --ca-ou or --as-documented');
	}

	if (renewCa && options.strictGates) {
		throw usage('--renew-ca keeps the key, and no handshake tells two CA certificates of one key apart: --strict-gates could never be satisfied');
	}

	if (reason === 'compromised' && until !== undefined) {
		throw usage('--reason compromised asks for the old CA to go in the same run, and --until stops before that');
	}

	const bar = reasonBar({
		route: routeOf(options), retire, ...(reason !== undefined && {reason}), ...(asDocumented === true && {asDocumented}),
	});
	if (bar) {
		throw refused(`${bar.why}; nothing was changed`, bar.instead);
	}
};

/** Combinations that make no sense, before anything is looked at. */
export const checkUsage = (options: RotateOptions): void => {
	placeOf(options.cluster, options.namespace);
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

	checkTogether(options);
	checkDocumented(options);
	checkReason(options);
	checkProbeUsage(options);
	checkLoginUsage(options);
	const known: readonly string[] = options.mysql ? mysqlComponents : componentsOfKind(options.kind);
	const unknown = options.components?.find(name => !known.includes(name));
	if (unknown !== undefined) {
		throw usage(`${unknown} is no component of a ${kindOf(options).words} that this tool knows`, suggest(unknown, known));
	}
};

/** What the options ask for. */
export const targetOf = (options: RotateOptions, cluster: Cluster): Target => {
	const leaves = (options.components ?? cluster.components) as ComponentName[];
	const missing = leaves.find(name => !cluster.components.includes(name));
	if (missing !== undefined) {
		throw usage(`${objectWords(cluster)} has no ${missing}`);
	}

	return {
		route: routeOf(options),
		...(options.reason !== undefined && {reason: options.reason}),
		retire: options.retireOldCa ?? false,
		leaves: options.renewCa ? [] : leaves,
		strict: options.strictGates ?? false,
		...(options.until !== undefined && {until: options.until}),
		...(options.soak !== undefined && {soak: options.soak}),
		...(options.caOu !== undefined && {caOu: options.caOu}),
	};
};

/** How cert-manager's certificates are replaced by the documents, in a sentence. */
const outageWords = [
	'by the documents\' procedure for cert-manager, Secrets are deleted and then the pods, since until then they refuse each other',
	'the cluster is not available meanwhile, some minutes at least',
].join(': ');

/**
The same target for a cluster of which it is known who issues its certificates. Where cert-manager does, retire belongs to the way: once its
Certificates are there again, its next renewal would drop the old CA without a word.
@throws Stopped (usage or refused) for what does not apply to that.
*/
export const targetFor = ({options, target}: {options: RotateOptions; target: Target}, {name, issuance}: Cluster): Target => {
	if (!issuance) {
		if (options.asDocumented) {
			throw usage(`--as-documented is for certificates that cert-manager issues, and those of ${name} are none: for cfssl, this tool goes by the documents in any case`);
		}

		return target;
	}

	if (target.route === 'renew-ca') {
		throw refused(
			`cert-manager issues the certificates of ${name} and has the key of their CA: --renew-ca is for a key in the cluster folder; nothing was changed`,
			'cert-manager renews the CA by itself, with the same key where its Certificate says privateKey.rotationPolicy: Never',
			'without --renew-ca this tool replaces it',
		);
	}

	if ([options.mergeSans, options.caOu !== undefined].includes(true)) {
		throw usage(`cert-manager issues the certificates of ${name}: what they hold is in its Certificates, not in requests (--merge-sans, --ca-ou)`);
	}

	if (options.asDocumented && !options.keepCa && !options.acceptOutage && !options.dryRun) {
		throw refused(`${outageWords}; nothing was changed`, 'to go that way all the same, add --accept-outage (--yes does not stand for it); without --as-documented there is no outage');
	}

	return {
		...target,
		...(options.asDocumented && {asDocumented: true}),
		retire: target.route === 'new-ca' && target.until === undefined && !options.asDocumented,
	};
};

const usualMinAge = 86_400_000;

/** The command as it was asked for, for "go on" in messages: pasteable. */
export const goOnCommand = (options: RotateOptions, cluster: Cluster): string => {
	const given: Array<[flag: string, value: string | boolean | undefined]> = [
		['--mysql', options.mysql],
		...givenLogin(options),
		['--namespace', options.namespace],
		['--dir', options.dirs ? undefined : options.dir],
		['--kubeconfig', options.kubeconfig],
		['--context', options.contexts ? undefined : options.context],
		['--keep-ca', options.keepCa],
		['--renew-ca', options.renewCa],
		['--reason', options.reason],
		['--components', options.components?.join(',')],
		['--retire-old-ca', options.retireOldCa],
		['--until', options.until],
		['--soak', options.soak === undefined ? undefined : `${options.soak / 1000}s`],
		['--keep-backups', options.keepBackups?.toString()],
		['--merge-sans', options.mergeSans],
		['--ca-ou', options.caOu],
		['--as-documented', options.asDocumented],
		['--accept-outage', options.acceptOutage],
		['--strict-gates', options.strictGates],
		...givenProbe(options),
		['--min-age', options.minAge === usualMinAge ? undefined : `${options.minAge / 1000}s`],
		['--if-due', options.ifDue === undefined ? undefined : `${options.ifDue / 1000}s`],
		['--yes', options.yes],
	];
	const handled = (options.iHaveHandled ?? []).map((name): [string, string] => ['--i-have-handled', name]);
	const words = [...given, ...handled].flatMap(([flag, value]) => value === undefined || value === false ? [] : (value === true ? [flag] : [flag, value]));
	return ['npm run rotate --', ...[...namingWords(cluster), ...words].map(word => quote(word))].join(' ');
};
