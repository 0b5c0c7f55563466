import {statusPrometheus} from '../report/status-prometheus.ts';
import {statusTable} from '../report/status-table.ts';
import type {ClusterStatus, Level, Status} from '../status/schema.ts';
import {openAccess} from './access.ts';
import {exitStatus, Stopped} from './errors.ts';
import {endOnSignals} from './interrupt.ts';
import {print} from './say.ts';
import {showCommands} from './shared-options.ts';
import {statusOfAll} from './status-of-all.ts';
import {statusOfOne} from './status-of-one.ts';
import type {StatusOptions} from './status-options.ts';

const levels: Level[] = ['ok', 'warning', 'critical'];
const statuses: Record<Level, number> = {ok: exitStatus.done, warning: exitStatus.warning, critical: exitStatus.critical};

const texts: Record<StatusOptions['output'], (status: Status) => string> = {
	table: statusTable,
	json: status => `${JSON.stringify(status, undefined, '\t')}\n`,
	prometheus: statusPrometheus,
};

const look = async (options: StatusOptions): Promise<ClusterStatus[]> => {
	const {cluster, namespace, dir, mysql = false, kind, warn, critical} = options;
	const limits = {warn, critical};
	const which = {mysql, ...(kind !== undefined && {kind}), ...(namespace !== undefined && {namespace})};
	const access = await openAccess(options);
	try {
		return cluster === undefined
			? await statusOfAll(access, {...which, limits})
			: [await statusOfOne(access, {
				...which, ...(dir !== undefined && {dir}), name: cluster, limits,
			})];
	} finally {
		await access.close();
	}
};

/**
`npm run status`: prints how one cluster's certificates stand, or those of all; changes nothing. The options have passed
`checkStatusUsage`.
@throws Stopped, without words, with the exit status for what is due.
*/
export const status = async (options: StatusOptions): Promise<void> => {
	endOnSignals();
	showCommands(options);
	const clusters = await look(options);
	const level = levels.findLast(candidate => clusters.some(cluster => cluster.level === candidate)) ?? 'ok';
	await print(texts[options.output]({
		format: 1, time: new Date().toISOString(), warnSeconds: options.warn / 1000, criticalSeconds: options.critical / 1000, level, clusters,
	}));
	if (level !== 'ok') {
		throw new Stopped(statuses[level], '');
	}
};
