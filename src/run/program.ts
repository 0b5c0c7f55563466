import process from 'node:process';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import {execa} from 'execa';
import {quote} from 'shlex';
import {type Redactor, redactor} from './redact.ts';

const usualLimit = 30_000;

export type ProgramOptions = {
	/** What we are doing, for the message: `reading the Secrets`. */
	what?: string;
	cwd?: string;
	/** Added to our own environment. */
	env?: Record<string, string>;
	/** What the program reads on stdin. */
	input?: string;
	/** Milliseconds; 30 s when it is not given. */
	timeout?: number;
	/** Takes keys out of the program's words; without it those of the usual shapes are taken out. */
	redact?: Redactor;
	/** Give the exit code instead of throwing. */
	allowFailure?: boolean;
	/** Takes stdout line by line, as it comes; then none of it is returned. The program waits while it takes its time. */
	onLine?: (line: string) => Promise<void>;
};

export type ProgramResult = {stdout: string; stderr: string; exitCode: number};

/** A program that failed: what we were doing, the command as one could paste it, and the program's own words. */
export class ProgramError extends Error {
	command: string;
	/** 127 when it could not be started, as a shell has it. */
	exitCode: number;
	stderr: string;

	constructor({what, command, stderr, exitCode, ended}: {what: string; command: string; stderr: string; exitCode: number; ended: string}) {
		super([`${what}: failed (${ended})`, `  ${command}`, ...stderr.trim().split('\n').filter(Boolean).map(line => `  ${line}`)].join('\n'));
		this.name = 'ProgramError';
		this.command = command;
		this.exitCode = exitCode;
		this.stderr = stderr;
	}
}

/** A failure is a value here, nothing is logged from outside (NODE_DEBUG), and the environment is what is given. */
const always = {reject: false, verbose: 'none', extendEnv: false} as const;

/** A command as it could be pasted into a shell. */
export const commandText = (file: string, arguments_: string[]): string => [file, ...arguments_].map(word => quote(word)).join(' ');

/** Milliseconds between SIGTERM and SIGKILL for a program that has to end. */
const mercy = 1000;

/** Prints the commands that are run, for `--verbose`. */
let listener: ((command: string) => void) | undefined;

/** Calls `listen` with each command before it is run. */
export const onCommand = (listen: (command: string) => void): void => {
	listener = listen;
};

type Ending = {exitCode?: number; timedOut: boolean; code?: string; signal?: string};

const endingWords = ({exitCode, timedOut, code, signal}: Ending, file: string, timeout: number): string => {
	if (timedOut) {
		return `no answer within ${timeout / 1000} s`;
	}

	if (exitCode !== undefined) {
		return `status ${exitCode}`;
	}

	return code === 'ENOENT' ? `${file} was not found` : code ?? signal ?? 'it could not be started';
};

/** Gives each line to `onLine`; when that throws, nobody reads on, and the program is ended by `stop`. */
const takeLines = async (stdout: Readable, onLine: (line: string) => Promise<void>, stop: () => void): Promise<void> => {
	try {
		for await (const line of createInterface({input: stdout})) {
			await onLine(line);
		}
	} catch (error) {
		stop();
		throw error;
	}
};

/**
Runs a program that is not in the plan, with an argument list. Together with startProgram the only place where execa is used.
@returns what it printed; stdout as it is, stderr redacted.
@throws ProgramError when it fails, cannot be started, or does not end in time. What it printed on stdout is not in the error:
it may be a key.
*/
export const runProgram = async (file: string, arguments_: string[], options: ProgramOptions = {}): Promise<ProgramResult> => {
	const {what = `running ${file}`, cwd, env, input, timeout = usualLimit, redact = redactor([]), allowFailure = false, onLine} = options;
	const command = commandText(file, arguments_);
	listener?.(command);
	const child = execa(file, arguments_, {
		...always,
		env: {...process.env, ...env},
		...(cwd !== undefined && {cwd}),
		...(input === undefined ? {stdin: 'ignore' as const} : {input}),
		timeout,
		forceKillAfterDelay: mercy,
		stripFinalNewline: false,
		maxBuffer: 500_000_000,
		buffer: {stdout: onLine === undefined},
	});
	// A program that had to end may leave one of its own behind that holds its pipes: a wrapper's kubectl, a plugin. Nobody waits for it.
	const timer = setTimeout(() => {
		child.stdout.destroy();
		child.stderr.destroy();
	}, timeout + mercy + 500);
	const [result] = await Promise.all([child, onLine && takeLines(child.stdout, onLine, () => {
		child.kill();
	})]).finally(() => {
		clearTimeout(timer);
	});
	const {stdout = '', exitCode, timedOut, failed} = result;
	const stderr = redact(result.stderr ?? '');
	if (failed && (!allowFailure || exitCode === undefined || timedOut)) {
		throw new ProgramError({
			what, command, stderr, exitCode: exitCode ?? 127, ended: endingWords(result, file, timeout),
		});
	}

	return {stdout, stderr, exitCode: exitCode ?? 0};
};

export type StartedProgram = {
	/** Resolves when it has ended, with its last words: on stderr, or why it could not be started. */
	ended: Promise<{stderr: string; exitCode: number | undefined}>;
	/** Ends it; resolves when it has ended. */
	stop: () => Promise<void>;
};

/**
Starts a program that runs until it is stopped, such as `kubectl port-forward`. It ends with this process at the latest.
`onLine` is called with each line of stdout, for as long as the program runs.
*/
export const startProgram = (file: string, arguments_: string[], {env, onLine}: {env?: Record<string, string>; onLine?: (line: string) => void} = {}): StartedProgram => {
	listener?.(commandText(file, arguments_));
	const child = execa(file, arguments_, {
		...always, env: {...process.env, ...env}, stdin: 'ignore', buffer: {stdout: false}, cleanup: true, forceKillAfterDelay: 1000,
	});
	// What nobody reads would fill the pipe, and the program would wait for ever.
	createInterface({input: child.stdout}).on('line', line => {
		onLine?.(line);
	});
	const ended = (async () => {
		const result = await child;
		const {exitCode} = result;
		const stderr = result.stderr ?? '';
		return {stderr: stderr === '' && exitCode === undefined ? endingWords(result, file, 0) : redactor([])(stderr), exitCode};
	})();
	return {
		ended,
		async stop() {
			child.kill('SIGTERM');
			await ended;
		},
	};
};
