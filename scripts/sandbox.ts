import path from 'node:path';
import process from 'node:process';
import {
	type Command,
	CommanderError,
	InvalidArgumentError,
	Option,
} from 'commander';
import {exitStatus, failed, Stopped} from '../src/run/errors.ts';
import {command, main} from './options.ts';

type UpOptions = {
	name: string;
	operator: 'v1' | 'none';
	issuer: 'cfssl' | 'cert-manager';
	profile: 'real' | 'light';
	pd: number;
	tikv: number;
	tidb: number;
	tiflash: number;
	ticdc: number;
	tiproxy: number;
	pump: number;
	tso: number;
	scheduling: number;
	dm: number;
	verifyCn: boolean;
	mysql: boolean;
	second?: string;
	kubeletDelay?: {min: number; max: number};
};

const root = path.join(import.meta.dirname, '..');
const stateOf = (name: string): string => path.join(root, '.sandbox', name);

const tell = (line: string): void => {
	process.stderr.write(`${line}\n`);
};

const sandboxName = (text: string): string => {
	if (!/^[\da-z][\d\-a-z]{0,29}$/v.test(text)) {
		throw new InvalidArgumentError('It must be up to 30 lower-case letters, digits and hyphens.');
	}

	return text;
};

const count = (text: string): number => {
	if (!/^[1-9]\d?$/v.test(text) || Number(text) > 60) {
		throw new InvalidArgumentError('It must be a number from 1 to 60.');
	}

	return Number(text);
};

/** `500ms`, `2s`, or a range `2s-6s`: milliseconds. */
const delay = (text: string): {min: number; max: number} => {
	const [min = NaN, max = min] = text.split('-', 2).map(part => {
		const match = /^(?<count>\d{1,6})(?<unit>ms|s)$/v.exec(part);
		return match?.groups ? Number(match.groups.count) * (match.groups.unit === 's' ? 1000 : 1) : NaN;
	});
	if (!(min <= max)) {
		throw new InvalidArgumentError('It must be a time or a range: 500ms, 2s, 2s-6s.');
	}

	return {min, max};
};

const withName = (program: Command): Command => program.addOption(new Option('--name <name>', 'which sandbox').default('default').argParser(sandboxName));

const hintOf = (verb: string, name: string): string => `npm run sandbox -- ${verb}${name === 'default' ? '' : ` --name ${name}`}`;

const startIt = async ({name, ...wishes}: UpOptions): Promise<void> => {
	const {up} = await import('../test/sandbox/up.ts');
	process.once('SIGINT', () => {
		tell(`interrupted; what was started by then is ended by: ${hintOf('down', name)}`);
		process.exit(exitStatus.interrupted);
	});
	const started = Date.now();
	try {
		const {isNew} = await up(stateOf(name), wishes, tell);
		tell(isNew ? `sandbox ${name} is up after ${Math.round((Date.now() - started) / 1000)} s` : `sandbox ${name} runs already; its options stay as they are`);
		tell(`to use it: eval "$(${hintOf('env', name).replace('npm run', 'npm run -s')})"`);
	} catch (error) {
		throw failed(`sandbox ${name} did not start: ${(error as Error).message}`, `logs: .sandbox/${name}/logs`, `to end what was started: ${hintOf('down', name)}`);
	}
};

const buildIt = async (): Promise<void> => {
	const {build} = await import('../test/sandbox/up.ts');
	const {programs} = await build({withCertManager: true});
	for (const [name, file] of Object.entries(programs)) {
		tell(`${name.padEnd(23)}  ${file}`);
	}
};

const stopIt = async ({name, keep}: {name: string; keep: boolean}): Promise<void> => {
	const {down} = await import('../test/sandbox/down.ts');
	const ended = await down(stateOf(name), {keep}, tell);
	tell(ended === 0 ? `sandbox ${name} was not running` : `sandbox ${name} is down: ${ended} processes ended`);
};

/** What runs, for `status` and `env`; `up` has finished, or exit status 1. */
const running = async (name: string): Promise<string> => {
	const {isUp} = await import('../test/sandbox/up.ts');
	const state = stateOf(name);
	if (!await isUp(state)) {
		throw failed(`sandbox ${name} is not running`, `to start it: ${hintOf('up', name)}`);
	}

	return state;
};

const showIt = async ({name}: {name: string}): Promise<void> => {
	const state = await running(name);
	const {describe} = await import('../test/sandbox/status.ts');
	process.stdout.write(await describe(state));
};

const printExports = async ({name}: {name: string}): Promise<void> => {
	const state = await running(name);
	const {exports} = await import('../test/sandbox/status.ts');
	process.stdout.write(await exports(state, process.env.PATH ?? ''));
};

await main(async () => {
	const program = command('sandbox', 'A real Kubernetes control plane with the TiDB cluster `basic` on this machine, without containers.');
	withName(program.command('up').description('start it; programs that are missing are built first, once'))
		.addOption(new Option('--operator <which>', 'the stand-in for tidb-operator v1, or none: then no cluster is made').choices(['v1', 'none']).default('v1'))
		.addOption(new Option('--issuer <which>', 'what makes the cluster\'s certificates: the documents\' commands, or the real cert-manager').choices(['cfssl', 'cert-manager']).default('cfssl'))
		.addOption(new Option('--profile <which>', 'light: every component is a small mTLS stand-in').choices(['real', 'light']).default('real'))
		.option('--pd <number>', 'how many PDs', count, 3)
		.option('--tikv <number>', 'how many TiKVs', count, 3)
		.option('--tidb <number>', 'how many TiDBs', count, 2)
		.option('--tiflash <number>', 'how many TiFlashs', count, 0)
		.option('--ticdc <number>', 'how many TiCDCs', count, 0)
		.option('--tiproxy <number>', 'how many TiProxys', count, 0)
		.option('--pump <number>', 'how many Pumps', count, 0)
		.option('--tso <number>', 'how many of PD\'s microservice for timestamps', count, 0)
		.option('--scheduling <number>', 'how many of that for scheduling', count, 0)
		.option('--dm <number>', 'a DMCluster, dm, with so many masters and as many workers, which are stand-ins', count, 0)
		.option('--verify-cn', 'TiDB demands client certificates on its status port (cluster-verify-cn)', false)
		.option('--mysql', 'TiDB has certificates for MySQL clients as well', false)
		.addOption(new Option('--second [name]', 'another TidbCluster, in namespace tidb-second, with certificates of the same CA; without a name: second').preset('second').argParser(sandboxName))
		.option('--kubelet-delay <time>', 'from a Secret\'s change to that of the mounted files (default: 2s-6s, with --profile light 500ms)', delay)
		.action(startIt);
	withName(program.command('down').description('end its processes, and only those, and remove its state'))
		.option('--keep', 'leave the state folder, for a look at the logs', false)
		.action(stopIt);
	program.command('build').description('find its programs, and build what is missing; up does so too').action(buildIt);
	withName(program.command('status').description('what runs, and its pods')).action(showIt);
	withName(program.command('env').description('print the shell\'s exports: eval "$(npm run -s sandbox -- env)"')).action(printExports);
	try {
		await program.parseAsync(process.argv);
	} catch (error) {
		if (error instanceof CommanderError) {
			throw new Stopped(error.exitCode === 0 ? exitStatus.done : exitStatus.usage, '');
		}

		throw error;
	}
});
