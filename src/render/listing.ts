import type {Plan, Step} from '../plan/types.ts';
import {shell} from './shell.ts';

const indent = (text: string, by: string): string => text.replaceAll(/^/gmv, () => by);

const waits = (step: Step): string => step.done.some(condition => condition.is === 'rolled') ? 'waits for the roll to end (tidb-facts: not `rollout status`)' : 'asks every pod by handshake';

const lines = (step: Step): string => step.lines.length === 0
	? `      ${waits(step)}\n`
	: step.lines.map(line => `${indent(shell(line), line.changes === 'nothing' ? '      $ ' : '      ! ')}\n`).join('');

/** The plan as a person reads it: every step with its commands; `!` marks a command that changes something, `$` one that reads. */
export const listing = ({steps, from}: Plan): string => {
	let phase = '';
	return steps.map((step, index) => {
		const heading = step.phase === phase ? '' : `phase ${step.phase}  (${step.docs})\n`;
		phase = step.phase;
		const gate = step.needs.some(condition => condition.is === 'trusts') ? '      gate: every pod must accept a leaf of the new CA, by handshake, before this\n' : '';
		const isDone = index < from;
		return `${heading}  ${isDone ? '✓' : ' '} ${step.title}${isDone ? ' (done already)' : ''}\n${isDone ? '' : gate}${lines(step)}`;
	}).join('');
};
