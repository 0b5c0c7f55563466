import process from 'node:process';
import {execa} from 'execa';
import {root} from '../cluster/helpers/sandbox.ts';
import {
	median,
	pairs,
	type Row,
	timed,
	words,
} from './measure.ts';

const rounds = 10;
/** Milliseconds. */
const allowed = 100;

const commands: Array<[what: string, args: string[], status: number]> = [
	['rotate --help', ['--help'], 0],
	['a refused wrong flag', ['--cluster', 'basic', '--retire-odl-ca'], 2],
	['a refused cluster name', ['--cluster', 'No_Name'], 2],
];

const node = async (args: string[], status: number): Promise<void> => {
	const {exitCode} = await execa(process.execPath, args, {cwd: root, stdin: 'ignore', reject: false});
	if (exitCode !== status) {
		throw new Error(`node ${args.join(' ')} ended with status ${exitCode}, not ${status}`);
	}
};

/** How much longer the tool's shortest answers take than Node itself. */
export const start = async (): Promise<Row[]> => {
	const rows: Row[] = [];
	for (const [what, args, status] of commands) {
		const found = await pairs(rounds, async () => timed(async () => node(['scripts/rotate.ts', ...args], status)), async () => timed(async () => node(['-e', '0'], 0)));
		const [tool, bare] = [median(found.map(([one]) => one)), median(found.map(([, other]) => other))];
		const more = median(found.map(([one, other]) => one - other));
		rows.push({
			what: `start: ${what}, beyond node -e 0 (${words(tool)} against ${words(bare)})`, value: words(more), target: words(allowed), missed: more > allowed,
		});
	}

	return rows;
};
