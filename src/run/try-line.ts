import type {Line} from '../plan/types.ts';
import {shell} from '../render/shell.ts';
import {folderRedactor} from './keys.ts';
import {runLine} from './line.ts';

const lineLimit = 60_000;

export type Tried = {
	/** Why it would fail, in words; empty when it would not. */
	problems: string[];
	/** What the programs said on stdout. */
	answer: string;
	/** What they said on stderr, line by line, although nothing failed. */
	warnings: string[];
};

export type Trial = {
	env: Record<string, string>;
	/** Where the line runs. */
	folder: string;
	/** The folder whose keys are taken out of what the programs say: `folder`, or one above it. */
	keys: string;
};

/**
Runs a line of the plan, or its question to the server, in a throwaway folder.
@returns how it went, without keys; it throws only when bash cannot be started.
*/
export const tryLine = async (line: Line, {env, folder, keys}: Trial): Promise<Tried> => {
	const text = shell(line);
	const result = await runLine(text, {
		cwd: folder, env, timeout: lineLimit, redact: await folderRedactor(keys),
	});
	if (result.ok) {
		return {problems: [], answer: result.stdout.trim(), warnings: result.stderr.trim().split('\n').filter(Boolean)};
	}

	const ended = result.ended === undefined ? '' : `, ${result.ended}`;
	const words = result.stderr.trim().split('\n').map(word => `  ${word}`);
	const problem = [`this command would fail (status ${result.status}${ended}):`, `  ${text}`, ...words].join('\n');
	return {problems: [problem], answer: '', warnings: []};
};
