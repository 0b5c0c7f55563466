import {parseGoDuration, spellDuration} from './duration.ts';
import type {Problem} from './problem.ts';

/** What cfssl takes off the beginning of every certificate's life where a profile or request has no `backdate`. */
const usualBackdate = '5m';

export type Expiry = {expiry?: string | undefined; backdate?: string | undefined};

const filled = (value: string | undefined, otherwise: string): string => value === undefined || value === '' ? otherwise : value;

/**
One rule for every `expiry`: it is there (cfssl passes over a misspelt key and takes another value), Go can read it, and it is
not over when it begins. `example` is what the documents have.
*/
export const expiryProblems = (place: string, {expiry, backdate}: Expiry, example: string): Problem[] => {
	const fix = `the documents have "expiry": "${example}"`;
	if (expiry === undefined || expiry === '') {
		return [{
			code: 'no-expiry',
			what: `${place} has no "expiry"; cfssl would take a life of its own choice without a word, or refuse`,
			fix,
		}];
	}

	const life = parseGoDuration(expiry);
	if (life === undefined) {
		return [{
			code: 'bad-expiry',
			what: `${place}: expiry ${JSON.stringify(expiry)} is not a duration that cfssl can read`,
			fix: `write hours, minutes and seconds, not days or years; ${fix}`,
		}];
	}

	const back = parseGoDuration(filled(backdate, usualBackdate));
	if (back === undefined) {
		return [{
			code: 'bad-backdate',
			what: `${place}: backdate ${JSON.stringify(backdate)} is not a duration that cfssl can read`,
			fix: 'write hours, minutes and seconds, as "720h"',
		}];
	}

	return life > back
		? []
		: [{
			code: 'born-expired',
			what: `${place}: a certificate of ${expiry} would have expired when it is made, as its life begins ${spellDuration(back)} earlier`,
			fix,
		}];
};

/** How long a certificate is valid from the moment it is made, in milliseconds; undefined where expiryProblems finds some. */
export const lifeOf = ({expiry, backdate}: Expiry): number | undefined => {
	const life = parseGoDuration(expiry ?? '');
	const back = parseGoDuration(filled(backdate, usualBackdate));
	return life === undefined || back === undefined ? undefined : life - back;
};
