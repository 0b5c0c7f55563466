import type {Block, Section} from '../page.ts';
import type {RunRecord} from '../record.ts';
import {type StepRecord, stepsOf} from '../steps.ts';

const commandsOf = ({step, commands}: StepRecord): Block[] => commands.length === 0
	? []
	: [
		{is: 'heading', text: `${step.phase}: ${step.title}`},
		...commands.map(({text, status}): Block => ({is: 'code', text: status === 0 ? text : `${text}\n# ended with status ${status}`})),
	];

/** Every command that changed the folder or the cluster, in order. */
export const commands = (record: RunRecord): Section => {
	const blocks = stepsOf(record).flatMap(one => commandsOf(one));
	const how = 'As they were run, by bash in the cluster folder or a copy of it. Keys are taken out of every text.';
	return {
		id: 'commands',
		title: 'Commands',
		blocks: blocks.length === 0 ? [{is: 'text', text: 'None was run.'}] : [{is: 'text', text: how}, ...blocks],
	};
};
