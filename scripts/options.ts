import process from 'node:process';
import {
	Command,
	CommanderError,
	InvalidArgumentError,
	Option,
} from 'commander';
import {Stopped, exitStatus, usage} from '../src/run/errors.ts';
import type {SharedOptions} from '../src/run/shared-options.ts';
import {goToCaller} from './caller.ts';

const units: Record<string, number> = {
	s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000,
};

/**
A length of time as a person writes it: `90s`, `30m`, `24h`, `30d`, or `0`.
@returns milliseconds.
@throws InvalidArgumentError for anything else.
*/
const duration = (text: string): number => {
	const match = /^(?<count>\d+)(?<unit>[dhms])$/v.exec(text);
	if (text === '0') {
		return 0;
	}

	if (!match?.groups) {
		throw new InvalidArgumentError('It must be a number and a unit: 90s, 30m, 24h, 30d; or 0.');
	}

	return Number(match.groups.count) * units[match.groups.unit!]!;
};

/** An option that takes a length of time; its help shows the default as a person would write it. */
export const time = (flags: string, description: string, usual: string): Option => new Option(flags, description).argParser(duration).default(duration(usual), usual);

/** An option that takes a length of time, and has none by itself. */
export const optionalTime = (flags: string, description: string): Option => new Option(flags, description).argParser(duration);

/** A number of things, one at least. */
export const count = (text: string): number => {
	if (!/^[1-9]\d{0,5}$/v.test(text)) {
		throw new InvalidArgumentError('It must be a whole number, 1 or more.');
	}

	return Number(text);
};

/** A comma-separated list without empty entries. */
export const list = (text: string): string[] => {
	const entries = text.split(',').map(entry => entry.trim());
	if (entries.includes('')) {
		throw new InvalidArgumentError('It must be a list like pd,tikv.');
	}

	return entries;
};

/** An option that may be given several times. */
export const each = (text: string, before: string[] = []): string[] => [...before, text];

/** A command with the shared options: unknown options, stray words and missing values are errors with a suggestion. */
export const command = (name: string, description: string): Command => new Command(`npm run ${name} --`)
	.description(description)
	.showSuggestionAfterError()
	.allowExcessArguments(false)
	.helpOption('-h, --help', 'show this help')
	.exitOverride();

const contextHelp = 'the kubeconfig\'s context (default: the current one)';

const dirHelp = 'the cluster folder (default: clusters/<name>, or $TIDB_CLUSTERS/<name>)';

/** What a cluster is. */
export const kindOption = (): Option => new Option('--kind <kind>', 'what it is where it is no TidbCluster: a DMCluster').choices(['dm']);

/** Adds the options by which a cluster is found; `isOne`: no more than one. */
export const withPlace = (program: Command, {isOne = true} = {}): Command => (isOne
	? program.option('--cluster <name>', 'the TidbCluster').option('--context <name>', contextHelp)
	: program
		.option('--cluster <name>', 'the TidbCluster; again for each other that shares its CA; namespace/name where the namespaces differ', each)
		.option('--context <name>', `${contextHelp}; again for each --cluster where each is in a Kubernetes cluster of its own`, each))
	.addOption(kindOption())
	.option('-n, --namespace <name>', 'its namespace (default: found by the cluster\'s name)')
	.addOption(isOne ? new Option('--dir <path>', dirHelp) : new Option('--dir <path>', `${dirHelp}; again for each --cluster`).argParser(each))
	.option('--kubeconfig <path>', 'the kubeconfig (default: as kubectl)')
	.option('--verbose', 'also show what is read');

/** What --cluster, --context and --dir were given, of a command for one cluster or several. */
export type Several = {cluster: string[]; context?: string[] | undefined; dir?: string[] | undefined};

/** One or several clusters, as the commands take them. */
type Meant = Pick<SharedOptions, 'cluster' | 'context' | 'contexts' | 'dir' | 'dirs'> & {with?: string[]};

/**
The first cluster, those that go with it, the context of all or of each, and the folder of the one or of each.
@throws Stopped (usage) for another number of contexts or of folders.
*/
export const together = ({cluster: clusters, context: contexts, dir: dirs}: Several): Meant => {
	const [cluster = '', ...others] = clusters;
	const number = others.length + 1;
	if (contexts && contexts.length > 1 && contexts.length !== number) {
		throw usage(`${contexts.length} --context for ${number} --cluster`, 'name one for all of them, or one for each in the same order');
	}

	if (dirs && dirs.length !== number) {
		throw usage(`${dirs.length} --dir for ${number} --cluster`, 'name one for each in the same order; TIDB_CLUSTERS names the folder that holds the folders of all');
	}

	const [context] = contexts ?? [];
	const [dir] = dirs ?? [];
	return {
		cluster,
		...(others.length > 0 && {with: others}),
		...(context !== undefined && {context}),
		...(contexts && contexts.length > 1 && {contexts}),
		...(dirs && (number > 1 ? {dirs} : {dir: dir!})),
	};
};

/** Adds the options of every command that works on clusters; `isOne`: on one at a time. */
export const withShared = (program: Command, {isOne = true} = {}): Command => withPlace(program, {isOne})
	.option('--yes', 'do not ask; required where there is no terminal')
	.addOption(time('--timeout <time>', 'give a wait up after this long without progress', '30m'));

/** Adds the options of a command that a traffic probe may accompany. */
export const withProbe = (program: Command): Command => program
	.option('--probe', 'make mTLS connections to every port all the while, and count them; rotate stops when certificates fail')
	.addOption(optionalTime('--probe-interval <time>', 'the time between two of its connections to a port (default: 1s)'));

const mysqlHelp = 'those for MySQL clients, which have a CA of their own, instead of those between the components';

/** Adds the option for a cluster's other side. */
export const withSide = (program: Command): Command => program.option('--mysql', mysqlHelp);

/** The same, with those of the commands that may speak with TiDB by SQL. */
export const withMysql = (program: Command): Command => withSide(program)
	.option('--reload', 'with --mysql: TiDB reads its files again (ALTER INSTANCE RELOAD TLS) instead of being restarted')
	.option('--mysql-user <name>', 'with --mysql: the account for that, and for a look at who needs a certificate')
	.option('--mysql-password-file <path>', 'the file with its password');

/**
Parses the command line.
@returns the options; help and usage errors have been printed by then, and their exit status is thrown as Stopped.
*/
export const parse = <Options>(program: Command): Options => {
	try {
		const options = program.parse(process.argv).opts<Options & {cluster?: string; all?: boolean}>();
		// Not commander's own requirement, which would be reported before a misspelt option is.
		if (options.cluster === undefined && !options.all && program.options.some(option => option.long === '--cluster')) {
			program.error('error: required option \'--cluster <name>\' not specified');
		}

		return options;
	} catch (error) {
		if (error instanceof CommanderError) {
			throw new Stopped(error.exitCode === 0 ? exitStatus.done : exitStatus.usage, '');
		}

		throw error;
	}
};

/** Runs a command's main function and turns what it throws into words on stderr and an exit status. */
export const main = async (run: () => Promise<void>): Promise<void> => {
	try {
		goToCaller();
		await run();
	} catch (error) {
		if (!(error instanceof Stopped)) {
			const {explain} = await import('../src/report/failure.ts');
			process.stderr.write(explain(error));
			process.exitCode = exitStatus.failed;
			return;
		}

		if (error.message !== '') {
			process.stderr.write(['', error.message, ...error.hints.map(hint => `→ ${hint}`), ''].join('\n'));
		}

		process.exitCode = error.status;
	}
};
