import type {Plan, Step} from '../plan/types.ts';
import {shell} from './shell.ts';
import {groupedWords, sqlWords, stability} from './words.ts';

const legend = '! changes the folder or the cluster   $ only reads   ? must hold first   … is waited for   ✓ is done already\n\n';

/** Every line of a text behind the same mark: a command may have several, as a here-document does. */
const marked = (text: string, mark: string): string => `${text.replaceAll(/^/gmv, () => mark)}\n`;

const conditions = ({needs, done, limit, soak}: Step): {first: string[]; awaited: string[]} => ({
	first: [...(soak === undefined ? [] : [stability(soak)]), ...groupedWords(needs)], awaited: limit === 'while it progresses' ? groupedWords(done) : [],
});

const stepText = (step: Step, isDone: boolean): string => {
	const prefix = `    ${isDone ? '✓' : ' '} `;
	const {first, awaited} = conditions(step);
	return [
		`${isDone ? '✓' : ' '} ${step.title}${isDone ? ' (done already)' : ''}\n`,
		...first.map(text => marked(text, `${prefix}? `)),
		...step.lines.map(line => marked(shell(line), `${prefix}${line.changes === 'nothing' ? '$' : '!'} `)),
		...(step.sql ? [marked(sqlWords(step.sql), `${prefix}! `)] : []),
		...awaited.map(text => marked(text, `${prefix}… `)),
	].join('');
};

/** The documents know no preparing: it is this tool's own. */
const heading = ({phase, docs}: Step): string => phase === 'prepare' ? 'phase prepare\n' : `phase ${phase}  (${docs})\n`;

/**
The plan as a person reads it: every step with its gate, its commands and its wait, in order. What each mark means is said at
the top. What is done already is listed too, each line marked as such.
*/
export const listing = ({steps, from}: Plan): string => {
	const texts = steps.map((step, index) => `${step.phase === steps[index - 1]?.phase ? '' : heading(step)}${stepText(step, index < from)}`);
	return [legend, ...texts].join('');
};
