import process from 'node:process';

/** Progress for a person: stderr, so that stdout stays the product. */
export const say = (text: string): void => {
	process.stderr.write(`${text}\n`);
};
