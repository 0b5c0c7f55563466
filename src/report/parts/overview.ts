import {outageOf, outageText} from '../outage.ts';
import type {Block, Section} from '../page.ts';
import type {RunRecord} from '../record.ts';
import {summaryRows} from '../summary.ts';
import {between, moment, took} from '../time.ts';

const asked = ({what, plan: {target, cluster}}: RunRecord): string => {
	const {
		route, retire, until, leaves, asDocumented,
	} = target;
	if (what === 'rollback') {
		return 'the way back to the certificates of a backup';
	}

	if (route === 'keep-ca') {
		return `new leaves of the present CA for ${leaves.length === cluster.components.length ? 'every component' : leaves.join(', ')}`;
	}

	if (route === 'renew-ca') {
		return 'the CA\'s certificate made anew, with the key that it has; the leaves stay';
	}

	if (asDocumented) {
		return 'a new CA and new leaves, with the outage of the documents\' procedure for cert-manager';
	}

	return until === undefined
		? `a new CA and new leaves; the old CA ${retire ? 'is taken away' : 'stays trusted'}`
		: `a new CA and new leaves, up to phase ${until}`;
};

const earlier = ({earlier: runs}: RunRecord): Block[] => runs.length === 0
	? []
	: [{
		is: 'table',
		caption: 'Earlier runs of the same rotation',
		head: ['began', 'came to', 'its report'],
		rows: runs.map(({began, last, report}) => [moment(began), last, report ?? '-']),
	}];

const acknowledged = ({acknowledged: names = []}: RunRecord): Block[] => names.length === 0
	? []
	: [{
		is: 'table',
		caption: 'Acknowledged by the person who ran it',
		head: ['name', 'what'],
		rows: names.map(({name, what}) => [name, what]),
	}];

/** Who did what when, with what, and how it went per component. */
export const overview = (record: RunRecord): Section => {
	const {cluster, folder, command, who, began, ended, version, programs, before, after, proofs, restarts} = record;
	const outage = outageOf(record);
	const counts = Map.groupBy(restarts, ({pod}) => pod);
	const [head, ...rows] = summaryRows({
		cluster, before, after, proofs, restarts: Object.fromEntries(counts.entries().map(([pod, own]) => [pod, own.length])),
	});
	return {
		id: 'overview',
		title: 'Overview',
		blocks: [
			{
				is: 'table',
				caption: 'The run',
				head: ['', ''],
				rows: [
					['cluster', `${cluster.name} in namespace ${cluster.namespace}`],
					['its uid', {code: after.cluster.uid}],
					['asked for', asked(record)],
					...(record.plan.target.reason === undefined ? [] : [['because of', record.plan.target.reason]]),
					['command', {code: command}],
					['run by', who],
					['began', moment(began)],
					['ended', `${moment(ended)}, after ${took(between(began, ended))}`],
					...(outage ? [['not available', outageText(outage)]] : []),
					['cluster folder', {code: folder}],
					['tool', `tidb-cert-rotate ${version}`],
				],
			},
			{
				is: 'table', caption: 'By component', head: head!, rows,
			},
			...earlier(record),
			...acknowledged(record),
			{
				is: 'table',
				caption: 'Programs',
				head: ['program', 'version', 'file', 'remark'],
				rows: programs.map(({name, version: of, file, remark}) => [name, of, {code: file}, remark === '' ? '-' : remark]),
			},
		],
	};
};
