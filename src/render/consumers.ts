import type {Care} from '../plan/care.ts';

const headings: Array<[heading: string, isOf: (care: Care) => boolean]> = [
	['yours to do', ({who, handled}) => who === 'you' && !handled],
	['looked after by the operator; its copies are waited for', ({who, handled}) => who === 'operator' && !handled],
	['seen to, as you say (--i-have-handled)', ({handled}) => handled],
];

const careText = ({name, holds, todo}: Care): string => [
	`    ${name}: ${holds.join('; ')}\n`,
	...todo.map(needed => `      → needs ${needed}\n`),
].join('');

/** Who beside the cluster holds its CA or a leaf of it, for a person who is to learn it before the first write. Pure. */
export const consumersText = (cares: Care[], unread: string[]): string => {
	const remarks = unread.map(what => `  not looked at, as this user may not read them: ${what}\n`);
	const groups = headings.flatMap(([heading, isOf]) => {
		const members = cares.filter(care => isOf(care));
		return members.length === 0 ? [] : [`  ${heading}:\n`, ...members.map(care => careText(care))];
	});
	const head = groups.length === 0
		? 'Beside the cluster\'s own Secrets nothing was found that holds its CA or a leaf of it.\n'
		: 'Beside the cluster\'s own Secrets these hold its CA or a leaf of it:\n';
	return [head, ...groups, ...remarks].join('');
};
