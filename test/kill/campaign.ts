import {hash} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {root} from '../cluster/helpers/sandbox.ts';

/** One case of a matrix: it resolves when all is as it must be, and throws what is not. */
export type Case = {title: string; run: () => Promise<string>};

/** `SHARD=2/4`: the second of four parts. */
export type Shard = {index: number; of: number};

/**
Reads the variable SHARD.

@throws RangeError when it is not of that form.
*/
export const shardOf = (text = '1/1'): Shard => {
	const {index = '', of = ''} = /^(?<index>\d+)\/(?<of>\d+)$/v.exec(text)?.groups ?? {};
	const shard = {index: Number(index), of: Number(of)};
	if (!(shard.index >= 1 && shard.index <= shard.of)) {
		throw new RangeError(`SHARD=${text}: expected i/n, with 1 ≤ i ≤ n`);
	}

	return shard;
};

/**
Reads the variable SEED.

@throws RangeError when it is no whole number.
*/
export const seedOf = (text = process.env.SEED ?? '20261125'): number => {
	if (!/^\d{1,15}$/v.test(text)) {
		throw new RangeError(`SEED=${text}: expected a whole number`);
	}

	return Number(text);
};

/** Which cases are run, and in which order: without a seed, in their own. */
export type Choice = {shard: Shard; seed?: number};

/**
The cases of a shard, in an order that the seed chooses: a campaign that is stopped early has met something of everything. Which cases a
shard has does not depend on the seed.
*/
export const casesIn = <One extends {title: string}>(cases: One[], {shard: {index, of}, seed}: Choice): One[] => {
	const mine = cases.filter((_, position) => position % of === index - 1);
	const place = ({title}: One): string => hash('sha256', `${seed} ${title}`);
	return seed === undefined ? mine : mine.toSorted((one, other) => place(one).localeCompare(place(other), 'en'));
};

/** What makes the certificates: the variable ISSUER. */
export type Issuer = 'cfssl' | 'cert-manager';

/**
Reads the variable ISSUER.

@throws RangeError when there is no such issuer.
*/
export const issuerOf = (text = 'cfssl'): Issuer => {
	if (text !== 'cfssl' && text !== 'cert-manager') {
		throw new RangeError(`ISSUER=${text}: expected cfssl or cert-manager`);
	}

	return text;
};

/**
Reads the variable SIDE: `mysql` for the certificates for MySQL clients, instead of those between the components.

@throws RangeError when there is no such side.
*/
export const sideOf = (text = ''): 'mysql' | undefined => {
	if (text !== '' && text !== 'mysql') {
		throw new RangeError(`SIDE=${text}: expected mysql, or nothing`);
	}

	return text === '' ? undefined : text;
};

/**
Reads the variable CLUSTERS: with `2`, a second one goes with the first through every phase.

@throws RangeError when it is another number.
*/
export const areTwo = (text = '1'): boolean => {
	if (text !== '1' && text !== '2') {
		throw new RangeError(`CLUSTERS=${text}: expected 1 or 2`);
	}

	return text === '2';
};

/** What a matrix is about. */
export type Subject = {issuer: Issuer; side?: 'mysql' | undefined; isPair?: boolean};

/** The name of a matrix, and of what is its own. */
export const matrixName = (matrix: string, {issuer, side, isPair = false}: Subject): string =>
	[matrix, ...(issuer === 'cfssl' ? [] : [issuer]), ...(side === undefined ? [] : [side]), ...(isPair ? ['pair'] : [])].join('-');

const lines = async (file: string): Promise<string[]> => {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text.split('\n').filter(Boolean);
};

/**
Runs the cases of this shard, one after the other. Those that passed are written down: a campaign that was interrupted goes on
with the others, and one that has ended begins anew. Prints a line a case, and at the end `N passed, N failed`.
*/
export const runCampaign = async (name: string, cases: Case[], choice: Choice): Promise<void> => {
	const {index, of} = choice.shard;
	const mine = casesIn(cases, choice);
	const file = path.join(root, '.sandbox', `${name}-${index}-of-${of}.passed`);
	const before = new Set(await lines(file));
	const [done, open] = [mine.filter(({title}) => before.has(title)), mine.filter(({title}) => !before.has(title))];
	const passed = new Set(done.map(({title}) => title));
	let failed = 0;
	process.stdout.write(`${name}: ${mine.length} of ${cases.length} cases in shard ${index}/${of}\n`);
	process.stdout.write(done.map(({title}) => `✔ ${title} (before)\n`).join(''));
	for (const {title, run} of open) {
		try {
			const words = await run();
			passed.add(title);
			process.stdout.write(`✔ ${title}: ${words}\n`);
			await mkdir(path.dirname(file), {recursive: true});
			await writeFile(file, [...passed].join('\n'));
		} catch (error) {
			failed++;
			process.stdout.write(`✖ ${title}\n${String(error).replaceAll(/^/gmv, ' '.repeat(4))}\n`);
		}
	}

	if (failed === 0) {
		await writeFile(file, '');
	}

	process.stdout.write(`${passed.size} passed, ${failed} failed\n`);
	process.exitCode = failed === 0 ? 0 : 1;
};
