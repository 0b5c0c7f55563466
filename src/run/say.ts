import process from 'node:process';
import {failed} from './errors.ts';
import {writeAbove} from './live-line.ts';

/** Progress for a person: stderr, so that stdout stays the product. */
export const say = (text: string): void => {
	writeAbove(`${text}\n`);
};

/** Where the report of a run is: the last line of what it says. */
export const sayReport = ({report}: {report?: string | undefined}): void => {
	if (report !== undefined) {
		say(`Report: ${report}`);
	}
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
