import {copyFile, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {quote} from 'shlex';
import which from 'which';

/** Programs by which a plan's lines, or the run itself, write something. */
const programs = ['kubectl', 'cfssljson', 'mv', 'cp', 'cat', 'base64', 'mkdir', 'chmod', 'rm'] as const;

/**
At its start kubectl reads all translations of its help texts, whatever it is called for: those into English are half of its work, a matrix
starts it hundreds of thousands of times, and Korean has seven of them. No such locale is installed anywhere, so nothing else changes.
It ends before it needs its garbage collected, too: a fifth of its work.
*/
const quickStart = ['env', 'LC_ALL=ko_KR.none', 'GOGC=400'];

/**
Makes a wrapper of each of these programs that strikes before and after its writes (strike.sh). `state` is the reaper's folder, `folder` the
cluster folder, or with `isPair` the folder of two of them; the programs themselves are found on `searched`.

@returns the folder that has to be first on the PATH.
*/
export const writeWrappers = async ({state, folder, isPair = false, searched}: {state: string; folder: string; isPair?: boolean; searched: string}): Promise<string> => {
	const bin = path.join(state, 'bin');
	await mkdir(bin);
	await copyFile(path.join(import.meta.dirname, 'strike.sh'), path.join(state, 'strike.sh'));
	await Promise.all(programs.map(async program => {
		const real = await which(program, {path: searched});
		// What the wrapper itself calls are the real ones.
		const text = [
			'#!/usr/bin/env bash',
			`program=${program} real=(${[...(program === 'kubectl' ? quickStart : []), quote(real)].join(' ')}) ${isPair ? 'root' : 'folder'}=${quote(folder)} state=${quote(state)}`,
			`PATH=\${PATH#${quote(bin)}:}`,
			'. "$state/strike.sh"',
			'',
		].join('\n');
		await writeFile(path.join(bin, program), text, {mode: 0o755});
	}));
	return bin;
};
