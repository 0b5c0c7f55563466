import process from 'node:process';

/** Progress for a person: stderr, so that stdout stays the product. */
export const say = (text: string): void => {
	process.stderr.write(`${text}\n`);
};

/** The product, as it is: stdout. */
export const print = (text: string): void => {
	process.stdout.write(text);
};
