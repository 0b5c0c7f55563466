import path from 'node:path';
import {html} from '../../src/report/html.ts';
import {markdown} from '../../src/report/markdown.ts';
import {pageOf} from '../../src/report/page-of.ts';
import type {RunRecord} from '../../src/report/record.ts';
import {at, lookAt, runRecord} from '../helpers/run-record.ts';

/** The runs whose reports stand in this folder, by file name. */
const runs: Record<string, () => RunRecord> = {
	done: () => runRecord({
		probe: {
			targets: [{
				pod: 'basic-pd-0', component: 'pd', port: 2379, attempts: 312, accepted: 302, certificateFailures: 0, otherFailures: 10, forwardsLost: 3, longestGap: 9870,
			}],
		},
		acknowledged: [{name: 'Secret monitoring/basic-copy', what: 'a copy of the client certificate, renewed by hand'}],
	}),
	failed: () => runRecord({
		ending: {
			is: 'failed',
			message: 'Item 5: wait until every tikv pod has been restarted: not reached, no progress for 1800 s\n  basic-tikv: 1 of 3 pods are updated',
			hints: ['when the cause is gone, go on: npm run rotate -- --cluster basic --retire-old-ca --yes', 'or go back: npm run rollback -- --cluster basic'],
		},
		position: {name: 'trust', why: ['done: Item 5: ask the operator to restart tikv', 'next: Item 5: wait until every tikv pod has been restarted']},
		after: lookAt('old', ['new', 'old']),
		earlier: [{began: at(-3600), last: 'trust.rolled.pd, which it did not end', report: 'reports/20261125T060000Z.html'}],
	}, 'trust.rolled.tikv'),
};

export const reportNames = Object.keys(runs);

const forms = {md: markdown, html};

/** The path of a golden report. */
export const reportFile = (name: string, form: keyof typeof forms): string => path.join(import.meta.dirname, `report-${name}.${form}`);

/** The report of a run, as it is written now. */
export const written = (name: string, form: keyof typeof forms): string => forms[form](pageOf(runs[name]!()));
