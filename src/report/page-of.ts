import {positionText} from '../plan/place.ts';
import type {Block, Page} from './page.ts';
import {certificates} from './parts/certificates.ts';
import {commands} from './parts/commands.ts';
import {gates} from './parts/gates.ts';
import {overview} from './parts/overview.ts';
import {probe} from './parts/probe.ts';
import {timeline} from './parts/timeline.ts';
import type {RunRecord} from './record.ts';
import {stepsOf} from './steps.ts';

/** Where the cluster stands, by its certificates, and by the steps where those do not tell. */
const position = (record: RunRecord): Block[] => {
	const steps = stepsOf(record);
	const last = steps.findLast(({state}) => ['before', 'there', 'done'].includes(state));
	const next = steps.find(({state}) => ['stopped', 'not begun'].includes(state));
	const byStep = [`done: ${last?.step.title ?? 'nothing'}`, `next: ${next?.step.title ?? 'nothing'}`];
	return [{is: 'code', text: record.position ? positionText(record.position) : ['Position:', ...byStep.map(line => `  ${line}`)].join('\n')}];
};

const hints = (lines: string[]): Block[] => lines.length === 0 ? [] : [{is: 'text', text: 'What the run said besides:'}, {is: 'list', items: lines}];

const left = (lines: string[]): Block[] => lines.length === 0
	? [{is: 'text', text: 'Nothing is left to do.'}]
	: [{is: 'text', text: 'What is left to do:'}, {is: 'list', items: lines}];

const verdict = (record: RunRecord): Page['verdict'] => {
	const {ending, what, command} = record;
	if (ending.is === 'done') {
		return {
			kind: 'done', mark: '✓', title: `Done: the ${what} reached what was asked for`, blocks: left(record.left),
		};
	}

	const [mark, words] = ending.is === 'failed' ? ['✗', 'Failed'] as const : ['‖', 'Interrupted'] as const;
	return {
		kind: ending.is,
		mark,
		title: `${words}: the ${what} is not finished`,
		blocks: [
			{is: 'code', text: ending.message},
			...position(record),
			{is: 'text', text: 'The command that goes on from there:'},
			{is: 'code', text: command},
			...hints(ending.hints.filter(hint => !hint.endsWith(command))),
		],
	};
};

const names = {rotation: 'Rotation of the certificates', rollback: 'Rollback of the certificates'};

/** The report of a run, before it is Markdown or HTML. Pure. */
export const pageOf = (record: RunRecord): Page => ({
	title: `${names[record.what]} of TiDB cluster ${record.cluster.name}`,
	verdict: verdict(record),
	sections: [overview(record), timeline(record), gates(record), certificates(record), ...probe(record), commands(record)],
});
