import process from 'node:process';
import {$} from 'zx';
import type {Redactor} from './redact.ts';

export type LineOptions = {
	/** The folder the line runs in: a staging folder, or the cluster folder for lines that only read it. */
	cwd: string;
	/** Variables the line may name (`stamp`), and KUBECONFIG. */
	env: Record<string, string>;
	/** Milliseconds. */
	timeout: number;
	/** Aborted when the line is not needed any more: it is ended. */
	until?: AbortSignal | undefined;
	redact: Redactor;
};

/** How a line ended. Texts are redacted. */
export type LineResult = {
	ok: boolean;
	/** The exit status of the first program of the pipe that failed; 0 when all went well. */
	status: number;
	stdout: string;
	stderr: string;
	/** What ended it early, in words: a time limit, a signal. */
	ended?: string;
};

type Child = {pid?: number | undefined};

const running = new Set<Child>();

/** Signals all programs of a line: its pid is its process group's. */
const signalGroup = ({pid}: Child, signal: NodeJS.Signals): void => {
	try {
		process.kill(-pid!, signal);
	} catch {
		// It has ended, or was not started yet.
	}
};

/** A line that outlived this process would go on writing to a folder that is being removed. */
const endAll = (): void => {
	for (const child of running) {
		signalGroup(child, 'SIGKILL');
	}
};

/** The line's own stderr, and behind the last NUL the exit statuses of its last pipe; none where it did not come so far. */
const withoutStatuses = (text: string): {stderr: string; statuses: number[]} => {
	const end = text.lastIndexOf('\0');
	return end === -1 ? {stderr: text, statuses: []} : {stderr: text.slice(0, end), statuses: text.slice(end + 1).split(' ').map(Number)};
};

/**
Runs one line of the plan by bash, as it is printed (design.md 3). No private key passes through this process: pipes and
redirects are bash's. zx takes defaults from ZX_* variables, so every setting that matters is given here.
@returns how it ended; it throws only when bash cannot be started.
*/
export const runLine = async (text: string, {
	cwd, env, timeout, until, redact,
}: LineOptions): Promise<LineResult> => {
	// Before the temporary folders are removed.
	if (!process.listeners('exit').includes(endAll)) {
		process.prependListener('exit', endAll);
	}

	const script = `${text}\nstatuses=("\${PIPESTATUS[@]}"); printf '\\0%s' "\${statuses[*]}" >&2; for one in "\${statuses[@]}"; do [ "$one" = 0 ] || exit "$one"; done`;
	const run = $({
		cwd,
		env: {...process.env, ...env},
		shell: 'bash',
		prefix: 'set -uo pipefail; umask 077; ',
		postfix: '',
		quote: String,
		verbose: false,
		quiet: true,
		nothrow: true,
		detached: true,
		preferLocal: false,
		stdio: ['ignore', 'pipe', 'pipe'],
		delimiter: '\n',
	});
	// The text is a script, not a template with values to quote.
	const child = run([script] as unknown as TemplateStringsArray);
	running.add(child);
	const end = (): void => {
		signalGroup(child, 'SIGTERM');
	};

	const timer = setTimeout(end, timeout);
	until?.addEventListener('abort', end);
	if (until?.aborted) {
		end();
	}

	const started = Date.now();
	const output = await child;
	running.delete(child);
	clearTimeout(timer);
	until?.removeEventListener('abort', end);
	const isLate = Date.now() - started >= timeout;
	const {stderr, statuses} = withoutStatuses(output.stderr);
	return {
		ok: output.exitCode === 0 && output.signal === null,
		status: statuses.find(status => status !== 0) ?? output.exitCode ?? 1,
		stdout: redact(output.stdout),
		stderr: redact(stderr),
		...(isLate && {ended: `it did not end within ${timeout / 1000} s`}),
		...(output.signal !== null && !isLate && {ended: `it was ended by ${output.signal}`}),
	};
};
