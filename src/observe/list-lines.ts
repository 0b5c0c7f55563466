import {commandText, ProgramError, runProgram} from '../run/program.ts';
import type {Access} from './cluster.ts';

/** Which objects, and what of each is told, in one line. */
export type Listing = {
	/** What we are doing, for messages: `reading the Secrets`. */
	what: string;
	/** As kubectl names them: `tidbclusters.pingcap.com`. */
	resources: string;
	/** All of them where it is not given. */
	namespace?: string | undefined;
	/** Further arguments: selectors. */
	selectors?: string[];
	/** A Go template for each part of the line, with an object as its dot. What it gives holds neither tab nor newline. */
	parts: string[];
};

/** A list of thousands takes the API server its time. */
const limit = 600_000;

const unknownKind = /doesn't have a resource type|could not find the requested resource/v;

/**
Lists objects by one call of kubectl, which prints of each only what is asked for: no other byte of them comes into this process.
`onLine` is called with the parts, object after object as the API server orders them: by namespace, then by name.
@returns false where the API server knows no such kind.
@throws ProgramError when kubectl fails otherwise.
*/
export const listLines = async (access: Access, {what, resources, namespace, selectors = [], parts}: Listing, onLine: (parts: string[]) => Promise<void>): Promise<boolean> => {
	const template = `{{range .items}}${parts.join(String.raw`{{"\t"}}`)}${String.raw`{{"\n"}}`}{{end}}`;
	const arguments_ = ['get', resources, ...(namespace === undefined ? ['--all-namespaces'] : ['-n', namespace]), ...selectors, '-o', `go-template=${template}`];
	// Collecting garbage rarely, as a short kubectl does, would keep twice the memory of a list of thousands, and save no time.
	const env = Object.fromEntries(Object.entries(access.env).filter(([name]) => name !== 'GOGC'));
	const {exitCode, stderr} = await runProgram('kubectl', arguments_, {
		what, env, timeout: limit, allowFailure: true, onLine: async line => onLine(line.split('\t', parts.length)),
	});
	if (exitCode !== 0 && !unknownKind.test(stderr)) {
		throw new ProgramError({
			what, command: commandText('kubectl', arguments_), stderr, exitCode, ended: `status ${exitCode}`,
		});
	}

	return exitCode === 0;
};
