import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {execa} from 'execa';
import which from 'which';
import type {Plan} from '../../src/plan/types.ts';
import {shell} from '../../src/render/shell.ts';
import {folderWith} from '../helpers/fake-programs.ts';
import {wholePlan} from './cluster.ts';
import {plannedWrites} from './planned.ts';
import {writeWrappers} from './wrappers.ts';

/** A kubectl whose cluster has every object that it is asked for, and takes every write. What needs no cluster is left to the real one. */
const kubectl = (real: string): string => `#!/bin/sh
case "$*" in
*--local* | *--dry-run=client*) exec '${real}' "$@" ;;
get*jsonpath*) printf eA== ;;
get*) printf '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "%s", "annotations": {"name": "other"}}, "data": {"tls.crt": "eA=="}}' "$3" ;;
apply*-) cat > /dev/null ;;
esac
`;

/** Runs the lines of a plan by wrapped programs that kill nobody. Resolves with the points that they noted. */
const notedPoints = async (plan: Plan, {folder, state, searched}: {folder: string; state: string; searched: string}): Promise<string[]> => {
	const bin = await writeWrappers({state, folder, searched});
	await Promise.all(Object.entries({mode: 'record', points: '', 'victim-1': String(process.pid)}).map(async ([file, text]) => writeFile(path.join(state, file), text)));
	for (const {id, lines} of plan.steps) {
		await writeFile(path.join(folder, 'journal.ndjson'), `{"event":"start","pid":${process.pid}}\n{"event":"begin","step":"${id}"}\n`);
		for (const line of lines) {
			await execa('bash', ['-c', `set -o pipefail\n${shell(line)}`], {
				cwd: folder, stdin: 'ignore', env: {PATH: `${bin}${path.delimiter}${searched}`, REAPER_RUN: '1', stamp: '20261125T000000Z'},
			});
		}
	}

	const points = await readFile(path.join(state, 'points'), 'utf8');
	return points.split('\n').filter(Boolean);
};

const real = which.sync('kubectl', {nothrow: true});
(real === null ? test.skip : test)('every write of the way with cert-manager is noticed when it is made, by the name that the plan gives it', async t => {
	// Some hundred processes.
	t.timeout(180_000);
	const [folder, state, programs] = [folderWith(t, {}), folderWith(t, {}), folderWith(t, {})];
	await mkdir(path.join(programs, 'bin'));
	await Promise.all(Object.entries({kubectl: kubectl(real!), cfssljson: '#!/bin/sh\n'}).map(async ([name, text]) => writeFile(path.join(programs, 'bin', name), text, {mode: 0o755})));
	const plan = wholePlan({cluster: 'basic', namespace: 'tidb', issuer: 'cert-manager'});
	const points = await notedPoints(plan, {folder, state, searched: `${path.join(programs, 'bin')}${path.delimiter}${process.env.PATH}`});
	const writes = plannedWrites(plan);
	t.true(writes.length > 80);
	t.deepEqual(points.toSorted(), writes.flatMap(write => [`after ${write}`, `before ${write}`]).toSorted());
});
