import type {Command, Plan, Word} from '../../src/plan/types.ts';

const textOf = (word: Word): string => typeof word === 'string' ? word : word.shell;

const stamped = (text: string): string => text.replaceAll('$stamp', '<time>').replaceAll('"', '');

const wordOf = (word: Word): string => typeof word === 'string' ? word : stamped(word.shell);

/** The object that a pipe ends in: made by its first stage, or named on the way. */
const appliedBy = (stages: Word[][]): string => {
	const texts = stages.flat().map(word => textOf(word));
	const file = texts.at(-1)!;
	return file === '-' ? (texts.map(text => /"metadata":\{"name":"(?<name>[^"]+)"/v.exec(text)?.groups?.name).find(name => name !== undefined) ?? texts[4]!) : file;
};

/** What one command of the plan writes, in the words of strike.sh; undefined when it writes nothing. */
const deedOf = ({stages, stdout}: Command): string | undefined => {
	const [program = '', verb = '', ...rest] = stages.at(-1)!.map(word => wordOf(word));
	if (program === 'kubectl' && stdout === undefined) {
		const patched = /\{spec:\{(?<component>\w+):/v.exec(rest.at(-1)!)?.groups?.component;
		const deeds: Record<string, string> = {apply: `apply ${appliedBy(stages)}`, patch: `patch ${patched}`, delete: ['delete', ...rest.slice(0, 2)].join(' ')};
		return deeds[verb];
	}

	const first = rest.slice(0, 1);
	return stdout === undefined ? [program, verb, ...rest].join(' ').replace(/^(?<start>cp -p [^ ]+) .* (?=[^ ]+$)/v, '$<start> … ') : [program, verb, ...first, '>', stamped(stdout)].join(' ');
};

/** Every write of a plan's lines, with its step, as strike.sh names it. */
export const plannedWrites = ({steps}: Plan): string[] => steps.flatMap(({id, lines}) => lines.flatMap(({commands}) => commands.flatMap(command => {
	const deed = deedOf(command);
	return deed === undefined ? [] : [`${deed} @ ${id}`];
})));
