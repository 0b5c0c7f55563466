import process from 'node:process';

const repeat = 30_000;

/**
A log on stderr, one line each with the time.

A line that says the same again, which happens at each sync while something is waited for, comes once in 30 s.
*/
export class Log {
	readonly #last = new Map<string, {text: string; time: number}>();

	say(text: string): void {
		process.stderr.write(`${new Date().toISOString()} ${text}\n`);
	}

	/** Says it, unless it was the last thing said about this topic, less than 30 s ago. */
	repeated(topic: string, text: string): void {
		const last = this.#last.get(topic);
		const time = Date.now();
		if (last?.text === text && time - last.time <= repeat) {
			return;
		}

		this.#last.set(topic, {text, time});
		this.say(text);
	}
}
