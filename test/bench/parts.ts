import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {openAccess} from '../../src/run/access.ts';
import {findCluster} from '../../src/run/find.ts';
import {goOnCommand, type RotateOptions, targetOf} from '../../src/run/rotate-options.ts';
import {check, look, type Session} from '../../src/run/rotation.ts';
import {type Place, startPlace, stopPlace} from '../cluster/helpers/place.ts';
import {rotate} from '../cluster/helpers/product.ts';
import {type Row, timed} from './measure.ts';

const sizes = [
	{pods: 8, args: ['--pd', '3', '--tikv', '3', '--tidb', '2']},
	{pods: 60, args: ['--pd', '5', '--tikv', '45', '--tidb', '10']},
];

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** Looks at the cluster, and does all that is done before the first write. */
const preflight = async ({folder, env, cluster: name}: Place): Promise<number> => {
	// Programs are looked for in this process's PATH.
	process.env.PATH = env.PATH;
	const options: RotateOptions = {
		cluster: name, dir: folder, kubeconfig: env.KUBECONFIG!, timeout: 60_000, minAge: 0, yes: true,
	};
	const access = await openAccess(options);
	const cluster = await findCluster(access, name);
	const session: Session = {
		options, access, cluster, folder, target: targetOf(options, cluster), goOn: goOnCommand(options, cluster),
	};
	try {
		return await timed(async () => check(await look(session), async () => undefined));
	} finally {
		await access.close();
	}
};

type Entry = {time: string; event: string; step?: string};

/** How long a step took, by the journal of the run. */
const stepTook = (journal: Entry[], step: string): number => {
	const [begin, end] = ['begin', 'end'].map(event => journal.find(entry => entry.step === step && entry.event === event));
	if (!begin || !end) {
		throw new Error(`the journal has no beginning or no end of ${step}`);
	}

	return Date.parse(end.time) - Date.parse(begin.time);
};

const measure = async (pods: number, args: string[]): Promise<Row[]> => {
	const name = `bench-${pods}`;
	try {
		const started = performance.now();
		const place = await startPlace(name, ['--profile', 'light', ...args]);
		process.stderr.write(`sandbox with ${pods} pods up after ${seconds(performance.now() - started)}\n`);
		place.kube.close();
		const before = await preflight(place);
		const {exitCode, stderr, seconds: whole} = await rotate(place, ['--until', 'trust', '--yes']);
		if (exitCode !== 0) {
			throw new Error(`rotate --until trust ended with status ${exitCode}:\n${stderr}`);
		}

		process.stderr.write(`rotate --until trust took ${whole} s\n`);
		const text = await readFile(path.join(place.folder, 'journal.ndjson'), 'utf8');
		const journal = text.trim().split('\n').map(line => JSON.parse(line) as Entry);
		return [
			{what: `${pods} pods: look and preflight, with its rehearsal`, value: seconds(before)},
			{what: `${pods} pods: backup, read back`, value: seconds(stepTook(journal, 'prepare.backup'))},
			{what: `${pods} pods: gate after trust`, value: seconds(stepTook(journal, 'trust.verify'))},
		];
	} finally {
		await stopPlace(name);
	}
};

/** What a rotation does beside its lines, in seconds, for a small and for a large cluster. */
export const parts = async (): Promise<Row[]> => {
	const rows: Row[] = [];
	for (const {pods, args} of sizes) {
		rows.push(...await measure(pods, args));
	}

	return rows;
};
