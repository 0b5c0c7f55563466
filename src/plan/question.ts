import type {Line, Word} from './types.ts';

const isApply = ([program, verb]: Word[]): boolean => program === 'kubectl' && verb === 'apply';

/**
A line that writes by `kubectl apply`, as a question to the API server and its admission: the same line with
`--dry-run=server`, which changes nothing.
@returns undefined for a line that does not write so.
*/
export const asQuestion = (line: Line): Line | undefined => {
	if (line.commands.every(({stages}) => stages.every(stage => !isApply(stage)))) {
		return undefined;
	}

	const commands = line.commands.map(command => ({
		...command,
		stages: command.stages.map(stage => isApply(stage) ? [...stage.slice(0, 2), '--dry-run=server', ...stage.slice(2)] : stage),
	}));
	return {...line, commands, changes: 'nothing'};
};
