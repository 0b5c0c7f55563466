import path from 'node:path';
import {quote} from 'shlex';
import {
	components,
	isMicroservice,
	partName,
	secretName,
	withGuests,
} from '../../cluster/components.ts';
import {kindOf, objectWords} from '../../cluster/kinds.ts';
import {optionsFor} from '../../cluster/names.ts';
import {ownSecrets} from '../../cluster/issuance.ts';
import type {Cluster, ComponentName} from '../../cluster/types.ts';
import {discoveryCa, materialOf, reloadedMaterial} from '../../plan/annotations.ts';
import type {Plan, Step} from '../../plan/types.ts';
import {shell} from '../shell.ts';
import {
	additions,
	issuanceAdditions,
	reloadAdditions,
	renewalAdditions,
} from './additions.ts';
import {call} from './condition.ts';
import {functionsFor} from './functions.ts';
import {headingOf, restarting, sectionOf} from './headings.ts';
import {checks} from './checks.ts';

export type Runbook = {
	plan: Plan;
	/** The cluster folder, as a person gave it: relative to where the runbook is run. */
	folder: string;
	/** The command that prints it again. */
	command: string;
	/** The MySQL account that is asked for a reload; a path as the script shall find it, from the cluster folder or whole. */
	login?: {user: string; passwordFile?: string};
};

const rule = `# ${'='.repeat(100)}`;

const yes = (is: boolean): string => is ? 'yes' : 'no';

/** Where spec and status of the cluster's object have a component, as JSONPath. */
const placesOf = (component: ComponentName): string[] => isMicroservice(component)
	? [`in_spec=${quote(`pdms[?(@.name=="${component}")]`)}`, `in_status=pdms.${component}`]
	: [`in_spec=${partName(component)!}`, `in_status=${partName(component)!}`];

/** What functions.sh must know of each component (tidb-facts 1.1). */
const about = (cluster: Cluster): string => {
	const {name} = cluster;
	const row = (component: ComponentName): string => {
		const {
			file, mount, workload, ports, hasSynced, reloadsCa,
		} = components[component];
		const asked = ports.map(({port, protocol}) => `${port}:${protocol}`).join(' ');
		const facts = [
			`file=${file}`,
			...(workload === undefined ? [] : [`workload=${workload}`, ...placesOf(component)]),
			`secret=${secretName(name, component)}`,
			`mount=${quote(mount)}`,
			`ports=${quote(asked)}`,
			`has_synced=${yes(hasSynced)}`,
			`reloads_ca=${yes(reloadsCa)}`,
		];
		return `\t${component}) ${facts.join(' ')} ;;`;
	};

	return [
		'# Of a component: its files, whose pods it is in and where spec and status have those, its Secret, where that is mounted, the TLS ports, whether the operator reports',
		'# `synced`, and whether its CA is reloaded without a restart.',
		'# shellcheck disable=SC2034',
		'about() {',
		'\tcase $1 in',
		...withGuests(cluster).map(component => row(component)),
		'\t*) stop "$1 is no component of this runbook" ;;',
		'\tesac',
		'}',
		'',
	].join('\n');
};

/** What this runbook runs beside the documents' commands. */
const additionsOf = ({cluster, target}: Plan): typeof additions => [
	...additions,
	...(cluster.issuance ? issuanceAdditions : []),
	...(target.route === 'renew-ca' ? renewalAdditions : []),
	...(cluster.takesUp === undefined ? [] : reloadAdditions),
];

const comments = ({plan, plan: {cluster}, command}: Runbook, phases: string[]): string => [
	'#!/usr/bin/env bash',
	`# Renews the TLS certificates ${cluster.side === 'mysql' ? 'for MySQL clients' : 'between the components'} of a ${kindOf(cluster).words}: ${phases.join(', ')}.`,
	`# ${objectWords(cluster)} in namespace ${cluster.namespace}, whose certificates were issued by ${cluster.issuance ? 'cert-manager' : 'cfssl'}.`,
	'#',
	`# Printed by: ${command}`,
	`# The commands are those of ${sectionOf(cluster).link}`,
	'# filled in and in their order. Besides them it runs:',
	...additionsOf(plan).map(({programs, reason}) => `#   ${programs.join(', ')}: ${reason}`),
	'# It stops at the first thing that is not as it must be, and says why. kubectl uses your KUBECONFIG and current context.',
	'',
].join('\n');

type Setting = {name: string; comment?: string; value: string};

const settings = ({plan: {cluster}, login}: Runbook): Setting[] => [
	{name: 'cluster_name', value: quote(cluster.name)},
	{name: 'namespace', value: quote(cluster.namespace)},
	{name: 'object', value: kindOf(cluster).object, comment: 'What it is, for kubectl as well, and the label of its pods.'},
	{name: 'resource', value: kindOf(cluster).resource},
	{name: 'app', value: kindOf(cluster).app},
	{name: 'patience', value: '${PATIENCE:-1800}', comment: 'How long a wait may go on without any change, in seconds.'},
	{name: 'min_age', value: '${MIN_AGE:-86400}', comment: 'Certificates that are younger are not replaced: a second run by accident. In seconds.'},
	{name: 'handled', value: '${HANDLED:-}', comment: 'Others that hold the CA and that you have seen to, as they are printed (Secret/monitoring/tidb-ca), with spaces between them.'},
	{name: 'mark', value: quote(materialOf(cluster.components[0]!)), comment: 'The annotation by which pods tell what they were made for.'},
	...(cluster.side === 'mysql' ? [{name: 'reload_mark', value: quote(reloadedMaterial), comment: 'The annotation by which a pod tells what it has read again since it started.'}] : []),
	...(login
		? [
			{name: 'mysql_user', value: quote(login.user), comment: 'The MySQL account that has TiDB read its files again, and the file with its password.'},
			{name: 'mysql_password_file', value: quote(login.passwordFile ?? '')},
		]
		: []),
	...(cluster.discovery ? [{name: 'discovery_mark', value: quote(discoveryCa), comment: 'The same of discovery.'}] : []),
	{name: 'own_secrets', value: quote(ownSecrets(cluster).join(' '))},
	{name: 'stamp', value: '$(date -u +%Y%m%dT%H%M%SZ)', comment: 'The name of this run\'s backup.'},
];

/** The shell's own settings, and those variables that the rest names. */
const setting = (wanted: Runbook, rest: string): string => {
	const {plan, folder} = wanted;
	const place = quote(path.isAbsolute(folder) ? folder : `./${folder}`);
	return [
		'set -uo pipefail',
		'umask 077',
		'export LC_ALL=C',
		'[ "${BASH_VERSINFO[0]}" -ge 5 ] || { echo "bash 5 or newer is needed, this is $BASH_VERSION" >&2; exit 1; }',
		...settings(wanted).filter(({name}) => new RegExp(String.raw`\b${name}\b`, 'v').test(rest)).flatMap(({name, comment, value}) => [
			...(comment === undefined ? [] : [`# ${comment}`]), `${name}=${value}`,
		]),
		...(/[$`]/v.test(folder) ? ['# shellcheck disable=SC2016'] : []),
		...(plan.cluster.issuance ? [`mkdir -p ${place} || exit 1`] : []),
		`cd ${place} || exit 1`,
		'',
	].join('\n');
};

const footing = [
	'# All words on stderr go through the redaction; a folder for throwaway certificates is removed in the end.',
	'exec 3>&2 2> >(redact >&3)',
	'redaction=$!',
	'aside=$(mktemp -d) || exit 1',
	'trap clean_up EXIT',
	'trap \'exit 130\' INT TERM',
	'',
].join('\n');

/** `5` of `Item 5: ask the operator …`. */
const itemOf = (title: string): {number?: string; words: string} => {
	const groups = /^Items? (?<number>\d+)(?: to \d+)?: (?<words>.*)$/v.exec(title)?.groups;
	return groups ? {number: groups.number!, words: groups.words!} : {words: title};
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whether it is the documents' line that deletes pods: no other ends in that variable. */
const deletesPods = (text: string): boolean => text.endsWith(' ${pod_name}');

/** What a person must know before a line is run. */
const warnings = (text: string, cluster: Cluster): string[] => {
	if (!deletesPods(text)) {
		return [];
	}

	const goOn = `npm run rotate -- ${optionsFor(cluster)} --as-documented --accept-outage`;
	return [
		'# Before 1.36, kubectl may wait for ever for the end of a pod that has its successor already (kubernetes/kubernetes#135562).',
		`say ${quote(`  if kubectl does not end although the new pods are Ready: end this script, and go on by ${goOn}`)}`,
	];
};

/** What shellcheck would say of a line without reason. */
const objections = (text: string): string[] => [
	// Here it holds several names.
	...(deletesPods(text) ? ['# shellcheck disable=SC2086'] : []),
	// The variables of kubectl's template.
	...(text.includes('go-template=\'{{range $') ? ['# shellcheck disable=SC2016'] : []),
];

/** The lines of a step, each followed by the check of its exit statuses, under the documents' numbered items. */
const lines = (step: Step, cluster: Cluster): string[] => {
	let last = '';
	return step.lines.flatMap(line => {
		const item = line.item ? `# ${line.item.number}. ${line.item.title}.` : '';
		const isNew = item !== '' && item !== last && step.lines.some(other => other.item?.number !== line.item?.number);
		last = item;
		const text = shell(line);
		return [...(isNew ? ['', item] : []), ...warnings(text, cluster), ...objections(text), text, 'ran "${PIPESTATUS[@]}"'];
	});
};

const section = (step: Step, cluster: Cluster): string => {
	const {number, words} = itemOf(step.title);
	const restarts = step.lines.some(line => line.commands.some(({stages}) => stages.at(-1)?.[1] === 'patch'));
	const verb = step.limit === 'at once' ? 'must' : 'wait_for';
	return [
		`# ${number === undefined ? '' : `${number}. `}${capital(words)}.`,
		...(restarts ? [`# ${restarting}`] : []),
		`say ${quote(step.title)}`,
		...step.needs.map(condition => `must ${call(condition)}`),
		...lines(step, cluster),
		...(step.sql ? [`by_sql ${step.sql.component} ${step.sql.bundle} ${quote(step.sql.text)}`] : []),
		...step.done.map(condition => `${verb} ${call(condition)}`),
		'',
	].join('\n');
};

const phaseHead = (plan: Plan, phase: Step['phase']): string => {
	const heading = headingOf(plan, phase);
	return [rule, `# ${heading.en}`, `# ${heading.zh}`, `# ${heading.link}`, '', ''].join('\n');
};

const sections = (plan: Plan): string => {
	let phase = '';
	return plan.steps.map(step => {
		const before = step.phase === phase ? '' : phaseHead(plan, step.phase);
		phase = step.phase;
		return `${before}${section(step, plan.cluster)}`;
	}).join('\n');
};

/**
The plan as one bash script (design.md 2): the documents' lines, each condition by its function, and what the documents leave to a
person. The same plan gives the same bytes: times are variables of the script. It needs no cluster.
*/
export const runbook = (wanted: Runbook): string => {
	const {plan} = wanted;
	const phases = [...new Set(plan.steps.map(step => step.phase).filter(phase => phase !== 'prepare'))];
	const body = [`${rule}\n# Before anything is changed\n\n${checks(plan, phases)}`, sections(plan), 'say \'Done.\'\n'].join('\n');
	const functions = `${about(plan.cluster)}\n${functionsFor(`${footing}${body}`, plan.cluster.issuance !== undefined)}`;
	return [comments(wanted, phases), setting(wanted, `${functions}${body}`), functions, footing, body].join('\n');
};
