import process from 'node:process';
import {createInterface} from 'node:readline/promises';
import {Stopped, exitStatus, usage} from './errors.ts';

/**
Asks before anything is changed.
@throws Stopped when the answer is no, or when there is no terminal to ask on and `--yes` was not given.
*/
export const ask = async (question: string, yes: boolean): Promise<void> => {
	if (yes) {
		return;
	}

	if (!process.stdin.isTTY || !process.stderr.isTTY) {
		throw usage('there is no terminal to ask on', 'add --yes to go on without being asked');
	}

	const terminal = createInterface({input: process.stdin, output: process.stderr});
	try {
		const answer = await terminal.question(`${question} [y/N] `);
		if (!/^y(?:es)?$/iv.test(answer.trim())) {
			throw new Stopped(exitStatus.refused, 'not confirmed; nothing was changed');
		}
	} finally {
		terminal.close();
	}
};
