import process from 'node:process';
import {failed} from './errors.ts';

/** Progress for a person: stderr, so that stdout stays the product. */
export const say = (text: string): void => {
	process.stderr.write(`${text}\n`);
};

/**
The product, as it is: stdout. A reader that has seen enough (`| head`) is no failure.
@throws Stopped when it cannot be written, as on a full disk.
*/
export const print = async (text: string): Promise<void> => {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	// Without a listener the error would end the process where it stands.
	process.stdout.once('error', reject);
	process.stdout.write(text, error => {
		if (!error) {
			resolve();
		}
	});
	try {
		await promise;
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		if (code !== 'EPIPE') {
			throw failed(`writing to stdout: ${message}`);
		}
	}
};
