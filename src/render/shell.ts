import {quote} from 'shlex';
import type {Command, Line, Word} from '../plan/types.ts';

const word = (part: Word): string => typeof part === 'string' ? quote(part) : part.shell;

/** Redirect targets of the plan are plain file names, or hold the backup's shell variable. */
const target = (file: string): string => file.includes('$') ? `"${file}"` : quote(file);

const command = ({stages, stdin, stdout}: Command): string => {
	const pipeline = stages.map(stage => stage.map(part => word(part)).join(' ')).join(' | ');
	const output = stdout === undefined ? '' : ` > ${target(stdout)}`;
	return stdin === undefined ? `${pipeline}${output}` : `${pipeline} << 'EOF'${output}\n${stdin.replace(/\n?$/v, '\n')}EOF`;
};

/**
One line of the plan as bash text, the same bytes for the runbook, the dry run and the run (design.md 3).
A here-document must be its line's last command.
*/
export const shell = (line: Line): string => line.commands.map(part => command(part)).join(' && \\\n');
