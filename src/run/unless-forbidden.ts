import {ProgramError} from './program.ts';
import {say} from './say.ts';

/**
What can be done without, where this user may not read it: that is said, and `otherwise` stands in.
@throws ProgramError for any other failure.
*/
export const unlessForbidden = async <Found>(look: () => Promise<Found>, otherwise: Found): Promise<Found> => {
	try {
		return await look();
	} catch (error) {
		if (!(error instanceof ProgramError) || !/forbidden/iv.test(error.stderr)) {
			throw error;
		}

		say(`not looked at, as this user may not: ${error.stderr.trim()}`);
		return otherwise;
	}
};
