import type {Line, Word} from './types.ts';

const isApply = ([program, verb]: Word[]): boolean => program === 'kubectl' && verb === 'apply';

/** What is written comes from a Secret that a run makes on its way, or from a backup, which a throwaway folder has not. */
const isLater = (first: Word[]): boolean => first[2] === 'secrets' || first.some(word => typeof word === 'string' && word.startsWith('backups/'));

/**
A line that writes by `kubectl apply`, as a question to the API server and its admission: the same line with
`--dry-run=server`, which changes nothing.
@returns undefined for a line that does not write so, or not yet.
*/
export const asQuestion = (line: Line): Line | undefined => {
	if (line.commands.every(({stages}) => stages.every(stage => !isApply(stage))) || line.commands.some(({stages}) => isLater(stages[0]!))) {
		return undefined;
	}

	const commands = line.commands.map(command => ({
		...command,
		stages: command.stages.map(stage => isApply(stage) ? [...stage.slice(0, 2), '--dry-run=server', ...stage.slice(2)] : stage),
	}));
	return {...line, commands, changes: 'nothing'};
};
