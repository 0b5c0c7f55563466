import process from 'node:process';
import {execa} from 'execa';
import {type Place, startPlace, stopPlace} from '../cluster/helpers/place.ts';
import {root} from '../cluster/helpers/sandbox.ts';
import {
	median,
	pairs,
	type Row,
	timed,
	words,
} from './measure.ts';
import {fill} from './fleet.ts';
import {peaks} from './memory.ts';

const name = 'bench-status';
const rounds = 10;
const clusters = 1000;
/** Of the time of one kubectl. */
const allowed = 1.3;

type Run = {file: string; args: string[]; status: number};

/** The fleet is healthy. */
const tool: Run = {file: process.execPath, args: ['scripts/status.ts', '--all', '--output', 'json'], status: 0};
const kubectl: Run = {file: 'kubectl', args: ['get', 'secrets', '-A', '-o', 'json'], status: 0};

/** Runs it with its output thrown away; `started` is given its process. */
const run = async ({env}: Place, {file, args, status}: Run, started?: (pid: number, ended: Promise<unknown>) => Promise<void>): Promise<number> => timed(async () => {
	const child = execa(file, args, {
		cwd: root, env, stdin: 'ignore', stdout: 'ignore', buffer: {stderr: true}, reject: false,
	});
	const [{exitCode, stderr}] = await Promise.all([child, started?.(child.pid!, child)]);
	if (exitCode !== status) {
		throw new Error(`${file} ${args.join(' ')} ended with status ${exitCode}, not ${status}:\n${stderr}`);
	}
});

const memory = async (place: Place, what: Run): Promise<string> => {
	let found: Record<string, number> = {};
	await run(place, what, async (pid, ended) => {
		found = await peaks(pid, ended);
	});
	return Object.entries(found).map(([program, peak]) => `${program} ${peak} MiB`).join(', ');
};

const measure = async (place: Place): Promise<Row[]> => {
	const filled = await timed(async () => fill(place, clusters));
	process.stderr.write(`${clusters} TidbClusters and their Secrets made in ${words(filled)}\n`);
	const found = await pairs(rounds, async () => run(place, tool), async () => run(place, kubectl));
	const ratio = median(found.map(([one, other]) => one / other));
	process.stderr.write(`${found.map(([one, other]) => `${words(one)} against ${words(other)}: ${(one / other).toFixed(2)}`).join('\n')}\n`);
	return [
		{what: `status: --all over ${clusters} TidbClusters and ${8 * clusters} Secrets`, value: words(median(found.map(([one]) => one)))},
		{what: 'status: kubectl get secrets -A -o json alone', value: words(median(found.map(([, other]) => other)))},
		{
			what: `status: ratio (${rounds} pairs)`, value: ratio.toFixed(2), target: String(allowed), missed: ratio > allowed,
		},
		{what: 'status: peak memory of --all', value: await memory(place, tool)},
		{what: 'status: peak memory of kubectl alone', value: await memory(place, kubectl)},
	];
};

/** `status --all` beside one kubectl that lists the same Secrets, in an API server with a large fleet. */
export const status = async (): Promise<Row[]> => {
	try {
		const place = await startPlace(name, ['--operator', 'none', '--profile', 'light']);
		try {
			return await measure(place);
		} finally {
			place.kube.close();
		}
	} finally {
		await stopPlace(name);
	}
};
