import {mkdir, readdir} from 'node:fs/promises';
import path from 'node:path';
import anyTest, {type TestFn} from 'ava';
import {badAccess} from './helpers/bad-access.ts';
import {usual, type BadCase} from './helpers/bad-case.ts';
import {badCluster} from './helpers/bad-cluster.ts';
import {badFolder} from './helpers/bad-folder.ts';
import {badSecrets} from './helpers/bad-secrets.ts';
import {badUsage} from './helpers/bad-usage.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {few} from './helpers/sandbox.ts';
import {snapshot} from './helpers/snapshot.ts';

const test = anyTest as TestFn<{place: Place; temporary: string}>;
const name = 'bad-input-test';

test.before(async t => {
	const place = await startPlace(name, few);
	const temporary = path.join(place.state, 'tmp');
	await mkdir(temporary);
	t.context = {place, temporary};
});

test.after.always(async () => {
	await stopPlace(name);
});

const tables: Array<[what: string, cases: BadCase[]]> = [
	['usage', badUsage], ['folder', badFolder], ['Secret', badSecrets], ['cluster', badCluster], ['access', badAccess],
];

for (const [what, cases] of tables) {
	for (const {title, arrange, args = usual, status, words, skip} of cases) {
		const [define, why] = skip === undefined ? [test.serial, ''] : [test.serial.skip, ` (${skip})`];
		define(`${what}: ${title} is refused with status ${status}, and nothing is changed${why}`, async t => {
			const {place, temporary} = t.context;
			const {undo, args: added = [], env, ...options} = await arrange?.(place) ?? {};
			try {
				const before = await snapshot(place);

				const ended = await call('rotate', place, [...args, ...added], {...options, env: {TMPDIR: temporary, ...env}, timeout: 240_000});
				const said = `${ended.stdout}\n${ended.stderr}`;
				t.is(ended.status, status, said);
				for (const word of words) {
					t.regex(said, word);
				}

				t.notRegex(said, /^ +at .*:\d+:\d+\)?$/mv, 'no stack trace');
				t.deepEqual(await snapshot(place), before);
				t.deepEqual(await readdir(temporary), [], 'nothing is left in the folder for temporary files');
			} finally {
				await undo?.();
			}
		});
	}
}
