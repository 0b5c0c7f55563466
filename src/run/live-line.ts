import process from 'node:process';
import {styleText} from 'node:util';

/** Back to the beginning of the line, and all of it away. */
const erase = '\r\u{1B}[2K';
const every = 1000;

/** The text of the live line now, and whether it stands on the terminal. */
const line: {text: (() => string) | undefined; isShown: boolean} = {text: undefined, isShown: false};

/** Whether stderr is a terminal that can rewrite a line. */
const canRewrite = (): boolean => process.stderr.isTTY && process.env.TERM !== undefined && !['', 'dumb'].includes(process.env.TERM);

/** What takes the line off the terminal; '' when it is not there. */
const gone = (): string => {
	const was = line.isShown;
	line.isShown = false;
	return was ? erase : '';
};

/** What puts it there, dim where colour is wanted; '' when there is none. */
const drawn = (): string => {
	const text = line.text?.() ?? '';
	line.isShown = text !== '';
	return line.isShown ? styleText('dim', text, {stream: process.stderr}) : '';
};

/** Writes whole lines to stderr, above the live line where there is one, in one go: nothing flickers. */
export const writeAbove = (text: string): void => {
	process.stderr.write(`${gone()}${text}${drawn()}`);
};

/** The columns that a live line may have: the last one stays free, as some terminals wrap there. */
export const liveColumns = (): number => Math.max(10, (process.stderr.columns ?? 80) - 1);

const removeLine = (): void => {
	line.text = undefined;
	const text = gone();
	if (text !== '') {
		process.stderr.write(text);
	}
};

/**
Shows a line at the bottom of the terminal that is rewritten in place each second, until `stop`, or until the process ends. Where stderr
is no terminal, or one that cannot rewrite a line, nothing is shown. `text` gives the line, at most `liveColumns` long.
*/
export const showLive = (text: () => string): {stop: () => void} => {
	if (!canRewrite()) {
		return {stop() {/* Nothing is shown. */}};
	}

	line.text = text;
	const timer = setInterval(() => {
		writeAbove('');
	}, every);
	timer.unref();
	process.on('exit', removeLine);
	return {
		stop() {
			clearInterval(timer);
			process.off('exit', removeLine);
			removeLine();
		},
	};
};
