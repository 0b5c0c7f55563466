import {ProgramError} from './program.ts';
import {refused, usage} from './errors.ts';

/** What kubectl logs of each of its own tries says nothing that its last words do not. */
const isNoise = (line: string): boolean => /^\s*E\d{4} .*memcache\.go/v.test(line);

const wordsOf = ({message}: ProgramError): string => message.split('\n').filter(line => !isNoise(line)).join('\n');

/**
The first question to the API server. When it cannot be asked, or does not answer this user, nothing was begun yet: that is a
refusal, and a wrong kubeconfig is wrong configuration, not a failure on the way.
@throws Stopped in place of ProgramError.
*/
export const firstLook = async <Found>(look: () => Promise<Found>): Promise<Found> => {
	try {
		return await look();
	} catch (error) {
		if (!(error instanceof ProgramError)) {
			throw error;
		}

		const words = wordsOf(error);
		if (/error in configuration|error loading config file|invalid configuration/iv.test(error.stderr)) {
			throw usage(words, 'name a kubeconfig and a context with --kubeconfig and --context: kubectl config get-contexts');
		}

		const isForbidden = /forbidden|unauthorized|must be logged in/iv.test(error.stderr);
		throw refused(`${words}\nnothing was changed`, isForbidden ? 'this user may not read TidbClusters: kubectl auth can-i --list' : 'see whether the API server answers: kubectl cluster-info');
	}
};
