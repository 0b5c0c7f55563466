import path from 'node:path';
import {documentedIssuance} from '../../src/cluster/issuance.ts';
import {runbookTexts} from '../../src/cluster/templates.ts';
import type {ComponentName, Guest, Kind} from '../../src/cluster/types.ts';
import {restingPlan} from '../../src/plan/make.ts';
import type {Target} from '../../src/plan/types.ts';
import {runbook} from '../../src/render/runbook/runbook.ts';

/** The cluster `basic` of four components to a new CA, but for what a case says. */
type Case = {
	route?: Target['route'];
	retire?: boolean;
	components?: ComponentName[];
	phase?: 'trust' | 'reissue' | 'retire';
	strict?: boolean;
	folder?: string;
	name?: string;
	issuer?: 'cert-manager';
	side?: 'mysql';
	isReloaded?: boolean;
	asDocumented?: boolean;
	discovery?: true;
	guests?: Guest[];
	kind?: Kind;
};

/** The runbooks that stand in this folder, by file name. */
const cases: Record<string, Case> = {
	plain: {},
	'keep-ca': {route: 'keep-ca'},
	'renew-ca': {route: 'renew-ca'},
	'retire-old-ca': {retire: true},
	'phase-reissue': {phase: 'reissue'},
	'phase-retire': {phase: 'retire', retire: true},
	'all-components': {
		retire: true, strict: true, discovery: true, components: ['pd', 'tikv', 'tidb', 'pump', 'ticdc', 'tiproxy', 'tiflash', 'client'],
	},
	'tiproxy-legacy': {guests: ['tiproxy-client']},
	'pd-microservices': {retire: true, guests: ['tso', 'scheduling']},
	'cert-manager': {issuer: 'cert-manager', retire: true},
	'cert-manager-keep-ca': {issuer: 'cert-manager', route: 'keep-ca'},
	'cert-manager-as-documented': {issuer: 'cert-manager', asDocumented: true},
	'cert-manager-keep-ca-as-documented': {issuer: 'cert-manager', route: 'keep-ca', asDocumented: true},
	mysql: {
		side: 'mysql', retire: true, components: ['tidb-server', 'tidb-client'], folder: 'clusters/basic/mysql',
	},
	'mysql-tiproxy': {
		side: 'mysql', retire: true, components: ['tidb-server', 'tidb-client'], guests: ['tiproxy-server'], folder: 'clusters/basic/mysql',
	},
	'mysql-reload': {
		side: 'mysql', isReloaded: true, retire: true, components: ['tidb-server', 'tidb-client'], folder: 'clusters/basic/mysql',
	},
	dm: {
		kind: 'dm', retire: true, components: ['dm-master', 'dm-worker', 'dm-client'], name: 'dm', folder: 'clusters/dm',
	},
	'strange-folder': {folder: '-it\'s $HOME "über" `id`'},
};

/** The path of a golden runbook. */
export const goldenFile = (name: string): string => path.join(import.meta.dirname, `${name}.sh`);

export const goldenNames = Object.keys(cases);

/** The runbook of a case, as it is printed now. */
export const printed = (of: string): string => {
	const {
		route = 'new-ca', retire = false, phase, strict = false, isReloaded = false, asDocumented,
		name = 'basic', folder = 'clusters/basic', components = ['pd', 'tikv', 'tidb', 'client'], issuer, side, discovery, guests, kind,
	} = cases[of]!;
	const place = {
		name,
		namespace: 'tidb',
		components,
		...(side !== undefined && {side}),
		...(isReloaded && {takesUp: 'by reload' as const}),
		...(discovery && {discovery}),
		...(guests && {guests}),
		...(kind !== undefined && {kind}),
	};
	const cluster = {...place, ...(issuer !== undefined && {issuance: documentedIssuance(place)})};
	return runbook({
		plan: restingPlan(cluster, {
			route, retire, leaves: components, strict, ...(asDocumented && {asDocumented}),
		}, phase, issuer === undefined ? {} : runbookTexts(cluster)),
		folder,
		...(isReloaded && {login: {user: 'root', passwordFile: '/run/secrets/mysql password'}}),
		command: `npm run -s runbook -- (golden: ${of})`,
	});
};
