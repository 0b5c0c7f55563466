import type {Phase} from '../../plan/types.ts';
import type {
	Block,
	Cell,
	Row,
	Section,
} from '../page.ts';
import type {Restart, RunRecord} from '../record.ts';
import {type StepRecord, stepsOf} from '../steps.ts';
import {between, clock, took} from '../time.ts';

const states: Record<StepRecord['state'], string> = {
	before: '✓ done by an earlier run', there: '✓ was done already', done: '✓ done', stopped: '✗ the run ended here', 'not begun': '· not begun',
};

const stepWords = ({state, began, ended}: StepRecord): string => began === undefined || ended === undefined ? states[state] : `${states[state]}, ${took(between(began, ended))}`;

const restartWords = (restarts: Restart[]): string => restarts.length === 0
	? 'not restarted'
	: restarts.map(({from, until}) => `${clock(from)} to ${until === undefined ? 'the end, not Ready' : `${clock(until)}, ${took(between(from, until))}`}`).join('; ');

/** Where a span lies in the run, from 0 to 1. */
const span = ({began, ended}: RunRecord, from: string, until: string): {from: number; to: number} => {
	const whole = Math.max(1, between(began, ended));
	const at = (time: string): number => Math.min(1, Math.max(0, between(began, time) / whole));
	return {from: at(from), to: at(until)};
};

const stepRow = (record: RunRecord, one: StepRecord): Row => ({
	label: one.step.title,
	words: stepWords(one),
	bars: one.began === undefined || one.ended === undefined
		? []
		: [{...span(record, one.began, one.ended), kind: one.step.phase, isStopped: one.state === 'stopped'}],
});

const podRow = (record: RunRecord, pod: string): Row => {
	const own = record.restarts.filter(restart => restart.pod === pod);
	return {
		label: pod,
		words: restartWords(own),
		bars: own.map(({from, until}) => ({...span(record, from, until ?? record.ended), kind: 'restart', isStopped: until === undefined})),
	};
};

const phases = (steps: StepRecord[]): Array<{phase: Phase; steps: StepRecord[]}> =>
	Map.groupBy(steps, ({step}) => step.phase).entries().map(([phase, own]) => ({phase, steps: own})).toArray();

const ticksOf = ({began, ended}: RunRecord): string[] => [0, 1, 2, 3, 4].map(tick => took(between(began, ended) * tick / 4));

const stepRows = (steps: StepRecord[]): Cell[][] => steps.map(one => [
	one.step.phase,
	one.step.title,
	states[one.state],
	one.began === undefined ? '-' : clock(one.began),
	one.began === undefined || one.ended === undefined ? '-' : took(between(one.began, one.ended)),
]);

/** Steps and restarts over time: as bars, and as tables. */
export const timeline = (record: RunRecord): Section => {
	const steps = stepsOf(record);
	const pods = record.after.pods.map(({name}) => name);
	const come = steps.filter(({began}) => began !== undefined);
	const how = [
		'The pods were looked at every second or two, or less often. A restart is told from the last look at which the pod was Ready to the first',
		'at which it was Ready again: it was shorter, and pods that were restarted one after the other may seem to overlap.',
	].join(' ');
	const bars: Block = {
		is: 'timeline',
		caption: 'Steps and restarts over time; the figures are the time since the begin',
		ticks: ticksOf(record),
		groups: [
			...phases(come).map(({phase, steps: own}) => ({title: `phase ${phase}`, rows: own.map(one => stepRow(record, one))})),
			{title: 'restarts of pods', rows: pods.map(pod => podRow(record, pod))},
		],
	};
	return {
		id: 'timeline',
		title: 'Timeline',
		blocks: [
			bars,
			{is: 'text', text: how},
			{
				is: 'table', caption: 'Steps (UTC)', head: ['phase', 'step', 'state', 'began', 'took'], rows: stepRows(steps),
			},
			{
				is: 'table',
				caption: 'Restarts per pod (UTC)',
				head: ['pod', 'restarts', 'not Ready at most from … to …'],
				rows: pods.map(pod => {
					const own = record.restarts.filter(restart => restart.pod === pod);
					return [pod, String(own.length), restartWords(own).replaceAll('; ', '\n')];
				}),
			},
		],
	};
};
