import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {functionsFor} from '../../../src/render/runbook/functions.ts';
import {makeCa, makeLeaf, type Pair} from '../../helpers/pki.ts';

const year = 365;

/** Runs the last line of bash text in a folder with these certificates, as a runbook would. */
const run = async (line: string, files: Record<string, Pair[]>): Promise<{exitCode?: number | undefined; stdout: string}> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-functions-'));
	try {
		await Promise.all(Object.entries(files).map(async ([name, pairs]) => writeFile(path.join(folder, name), pairs.map(({cert}) => cert).join(''))));
		return await execa('bash', ['-c', `set -uo pipefail\nexport LC_ALL=C\n${functionsFor(line)}\n${line}`], {cwd: folder, reject: false});
	} finally {
		await rm(folder, {recursive: true});
	}
};

for (const day of ['2024-02-29', '2026-01-01', '2026-03-01', '2026-12-31', '2100-03-01', '2049-07-09']) {
	test(`the time of a certificate that ends on ${day} is counted as the system counts it`, async t => {
		const at = Date.parse(`${day}T08:09:05Z`);
		const days = (at - Date.now()) / 86_400_000;
		const {stdout} = await run('seconds_of ca.pem enddate', {'ca.pem': [makeCa({begins: -3000, ends: days})]});
		// X.509 has no fractions, and the pair was made a moment later.
		t.true(Math.abs(Number(stdout) - (at / 1000)) <= 5, `it says ${stdout}`);
	});
}

const rows: Array<[title: string, ca: number, leaf: [begins: number, ends: number], expected: boolean]> = [
	['a leaf that was made now for a year would outlive it', 200, [-100, year - 100], true],
	['it outlives such a leaf', 400, [-100, year - 100], false],
	['a leaf that was made now for ten days would not outlive it', 200, [-5, 5], false],
];

for (const [title, ends, [begins, until], expected] of rows) {
	test(`the CA is ${expected ? '' : 'not '}what ends where ${title}`, async t => {
		const ca = makeCa({ends});
		const {exitCode, stdout} = await run('holds ca_ends_first ca.pem leaf.pem', {'ca.pem': [ca], 'leaf.pem': [makeLeaf(ca, {begins, ends: until})]});
		t.is(exitCode, expected ? 0 : 1, `it says ${stdout}`);
	});
}

test('of a bundle it is not asked which CA ends', async t => {
	const ca = makeCa({ends: 200});
	const {exitCode, stdout} = await run('holds ca_ends_first ca.pem leaf.pem', {'ca.pem': [ca, makeCa()], 'leaf.pem': [makeLeaf(ca)]});
	t.is(exitCode, 1);
	t.regex(stdout, /does not hold one CA/v);
});

test('the key of a CA is found in each certificate of it that was made anew, wherever its base64 takes it up, and in no other', async t => {
	const [ca, other] = [makeCa(), makeCa()];
	// Subjects of another length put the key at each of the three places.
	const anew = ['T', 'Ti', 'TiD'].map(name => makeCa({key: ca.key, subject: {CN: name}}));
	const {stdout} = await run('keys_of ca.pem', {'ca.pem': [ca, other]});
	const keys = stdout.split('\n').filter(line => line !== '');
	t.is(keys.length, 6);
	const places = (pair: Pair): number[] => keys.flatMap((key, index) => pair.cert.replaceAll('\n', '').includes(key) ? [index] : []);
	t.deepEqual(anew.flatMap(pair => places(pair)).toSorted((one, next) => one - next), [0, 1, 2]);
	t.deepEqual(places(makeCa()), []);
	t.deepEqual(places(makeLeaf(ca)), []);
	t.true(places(other).every(index => index >= 3));
});
