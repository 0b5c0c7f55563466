import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {quote, split} from 'shlex';
import which from 'which';
import type {Place} from './place.ts';

/** The programs that are recorded: every one by which the plan's lines change anything. */
export const programs = ['cfssl', 'cfssljson', 'kubectl', 'mv', 'cp', 'cat', 'mkdir', 'chmod', 'rm'] as const;

/** A program that was started. */
export type Call = {
	program: string;
	args: string[];
	/** Its working folder. */
	folder: string;
	/** What its standard output is: a path, or `pipe:[…]`. */
	output: string;
	/** The kinds of object that it is given, where the runner gives some of its own. */
	kinds: string[];
};

/** Programs that write down how they are called, and then do what they do. */
export type CallRecorder = {
	/** Variables that put them before the real ones. */
	env: Record<string, string>;
	/** The calls since the last time. */
	take: () => Promise<Call[]>;
	/** Removes them. */
	close: () => Promise<void>;
};

/** The runner's own objects go to kubectl unvalidated; no line of the plan is called so, and no Secret. */
const wrapper = (record: string, program: string, real: string): string => `#!/usr/bin/env bash
note() { printf '%s\\t%s\\t%s\\t%s\\n' "\${PWD@Q}" "$(readlink "/proc/$$/fd/1")" "$1" "$2" >> ${quote(record)}; }
if [[ " $* " = *' --validate=false '* ]]; then
	IFS= read -r -d '' input
	note "$(grep -oE '"kind": *"[A-Za-z]+"' <<< "$input" | sort -u | cut -d '"' -f 4 | paste -sd ' ')" "${program} \${*@Q}"
	exec ${quote(real)} "$@" <<< "$input"
fi
note '' "${program} \${*@Q}"
exec ${quote(real)} "$@"
`;

const parseCall = (line: string): Call => {
	const [folder = '', output = '', kinds = '', words = ''] = line.split('\t', 4);
	const [program = '', ...args] = split(words);
	return {
		program, args, folder: split(folder)[0] ?? '', output, kinds: kinds.split(' ').filter(Boolean),
	};
};

/** Makes a recorder. */
export const recordCalls = async ({env}: Place): Promise<CallRecorder> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'calls-'));
	const [bin, record] = [path.join(folder, 'bin'), path.join(folder, 'calls')];
	await mkdir(bin);
	await writeFile(record, '');
	await Promise.all(programs.map(async program => {
		const real = await which(program, {path: env.PATH!});
		await writeFile(path.join(bin, program), wrapper(record, program, real), {mode: 0o755});
	}));
	return {
		env: {PATH: `${bin}${path.delimiter}${env.PATH}`},
		async take() {
			const text = await readFile(record, 'utf8');
			await writeFile(record, '');
			return text.split('\n').filter(Boolean).map(line => parseCall(line));
		},
		close: async () => rm(folder, {recursive: true}),
	};
};
