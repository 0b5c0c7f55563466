import path from 'node:path';
import process from 'node:process';
import {quote} from 'shlex';
import {
	clientComponent,
	componentsOfKind,
	inDocumentOrder,
	isComponent,
	guestNames,
	guestsOfSide,
	mysqlComponents,
	usualComponents,
} from '../cluster/components.ts';
import {kindOf} from '../cluster/kinds.ts';
import {documentedIssuance} from '../cluster/issuance.ts';
import {suggest} from '../cluster/nearest.ts';
import {runbookTexts} from '../cluster/templates.ts';
import type {Cluster, Kind} from '../cluster/types.ts';
import {restingPlan} from '../plan/make.ts';
import {runbook} from '../render/runbook/runbook.ts';
import {usage} from './errors.ts';
import {checkLoginUsage, givenLogin} from './login.ts';
import {checkKind, checkNames} from './names.ts';

export type RunbookOptions = {
	cluster: string;
	namespace: string;
	dir?: string;
	components?: string[];
	discovery?: boolean;
	mysql?: boolean;
	kind?: Kind;
	reload?: boolean;
	mysqlUser?: string;
	mysqlPasswordFile?: string;
	keepCa?: boolean;
	renewCa?: boolean;
	retireOldCa?: boolean;
	phase?: 'trust' | 'reissue' | 'retire';
	strictGates?: boolean;
	issuer: 'cfssl' | 'cert-manager';
	asDocumented?: boolean;
};

const clusterOf = ({
	cluster, namespace, issuer, mysql, reload, discovery, kind, components = usualComponents(kind),
}: RunbookOptions): Cluster => {
	checkNames(cluster, namespace);
	const known: readonly string[] = kind === undefined ? [...componentsOfKind(), ...guestNames] : componentsOfKind(kind);
	const unknown = components.find(name => !known.includes(name));
	if (unknown !== undefined) {
		throw usage(`${unknown} is no component of a ${kindOf({kind}).words} that this tool knows`, suggest(unknown, known));
	}

	const guests = guestsOfSide(mysql ? 'mysql' : undefined).filter(name => components.includes(name));
	if (mysql) {
		return {
			name: cluster, namespace, components: [...mysqlComponents], ...(guests.length > 0 && {guests}), side: 'mysql', ...(reload && {takesUp: 'by reload'}),
		};
	}

	const found: Cluster = {
		name: cluster,
		namespace,
		...(kind !== undefined && {kind}),
		components: inDocumentOrder([...components.filter(name => isComponent(name, kind)), clientComponent({kind})]),
		...(guests.length > 0 && {guests}),
		...(discovery && {discovery: true}),
	};
	return issuer === 'cert-manager' ? {...found, issuance: documentedIssuance(found)} : found;
};

/** What does not go together, each with the words that say why. */
const contradictions = ({
	keepCa, renewCa, retireOldCa, phase, strictGates, dir, issuer, asDocumented, mysql, discovery, kind,
}: RunbookOptions): Array<[isSo: boolean | undefined, why: string]> => {
	const isCertManager = issuer === 'cert-manager';
	return [
		[keepCa && retireOldCa, '--keep-ca renews leaves only; it does not go with --retire-old-ca'],
		[keepCa && phase !== undefined && phase !== 'reissue', `--keep-ca has no phase ${phase!}: it renews leaves only`],
		[
			renewCa && [keepCa, retireOldCa, phase !== undefined, strictGates].includes(true),
			'--renew-ca makes the CA\'s certificate anew and nothing else, and no handshake tells it from the one before; '
			+ 'it does not go with --keep-ca, --retire-old-ca, --phase or --strict-gates',
		],
		[renewCa && isCertManager, '--renew-ca is for a CA whose key is in the cluster folder; cert-manager renews its own'],
		[asDocumented && !isCertManager, '--as-documented is for --issuer cert-manager: for cfssl the runbook goes by the documents in any case'],
		[
			mysql && isCertManager,
			'--mysql is for certificates of a CA whose key is in the cluster folder; '
			+ 'cert-manager renews its own, and a new CA of its Issuer covers those for MySQL clients as well',
		],
		[kind !== undefined && discovery, `--discovery is about a TidbCluster: a ${kindOf({kind}).object} has no discovery that reads certificates`],
		[mysql && discovery, '--discovery is for the certificates between the components: discovery reads nothing of the MySQL side'],
		[
			isCertManager && phase !== undefined,
			'--phase divides the way of cfssl; with --issuer cert-manager the phases belong together, as the Certificates are put aside meanwhile',
		],
		[asDocumented && retireOldCa, '--as-documented leaves no old CA to retire'],
		[dir !== undefined && /[\0\n]/v.test(dir), '--dir holds a line break or a NUL: the runbook\'s comments could not show it'],
	];
};

const checkUsage = (options: RunbookOptions): void => {
	checkKind(options);
	const [, why] = contradictions(options).find(([isSo]) => isSo) ?? [];
	if (why !== undefined) {
		throw usage(why);
	}
};

/** Of the MySQL side only a guest is worth naming. */
const componentsGiven = ({mysql, kind, components = usualComponents(kind)}: RunbookOptions): string | undefined => {
	const given = components.filter(name => name !== clientComponent({kind}) && (!mysql || name === 'tiproxy-server'));
	return given.length > 0 ? given.join(',') : undefined;
};

const commandOf = (options: RunbookOptions): string => {
	const given: Array<[flag: string, value: string | boolean | undefined]> = [
		['--cluster', options.cluster],
		['--namespace', options.namespace],
		['--kind', options.kind],
		['--mysql', options.mysql],
		...givenLogin(options),
		['--dir', options.dir],
		['--components', componentsGiven(options)],
		['--discovery', options.discovery],
		['--keep-ca', options.keepCa],
		['--renew-ca', options.renewCa],
		['--retire-old-ca', options.retireOldCa],
		['--phase', options.phase],
		['--strict-gates', options.strictGates],
		['--issuer', options.issuer === 'cfssl' ? undefined : options.issuer],
		['--as-documented', options.asDocumented],
	];
	const words = given.flatMap(([flag, value]) => value === undefined || value === false ? [] : (value === true ? [flag] : [flag, value]));
	return ['npm run -s runbook --', ...words.map(word => quote(word))].join(' ');
};

/**
`npm run runbook`: the plan for a cluster at rest as one bash script on stdout. It asks no cluster.
@throws Stopped for options that contradict each other, or names that Kubernetes does not allow.
*/
export const printRunbook = (options: RunbookOptions): void => {
	checkUsage(options);
	checkLoginUsage(options);
	const cluster = clusterOf(options);
	const plan = restingPlan(cluster, {
		route: options.renewCa ? 'renew-ca' : (options.keepCa ? 'keep-ca' : 'new-ca'),
		// A part that is asked for must be in the plan.
		retire: [options.retireOldCa, options.phase === 'retire', cluster.issuance !== undefined].includes(true) && !options.keepCa,
		leaves: options.renewCa ? [] : cluster.components,
		strict: options.strictGates ?? false,
		...(options.asDocumented && {asDocumented: true}),
	}, options.phase, cluster.issuance ? runbookTexts(cluster) : {});
	const folder = options.dir ?? path.join('clusters', cluster.name);
	process.stdout.write(runbook({
		plan,
		folder: path.join(folder, cluster.side ?? ''),
		command: commandOf(options),
		...(options.mysqlUser !== undefined && {login: {user: options.mysqlUser, ...(options.mysqlPasswordFile !== undefined && {passwordFile: path.resolve(options.mysqlPasswordFile)})}}),
	}));
};
