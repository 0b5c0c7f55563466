import test from 'ava';
import {
	casOfBoth,
	startPair,
	textsOfBoth,
	underTraffic,
} from '../helpers/pair.ts';
import {look, rollback, rotate} from '../helpers/product.ts';
import {stopSandbox, type TestSandbox} from '../helpers/sandbox.ts';

/* Two clusters of one name in two namespaces on one CA, as two regions have them; each test goes on from where the one before left it. */
let both: TestSandbox[];
let before: Array<Record<string, Record<string, string>>>;

const name = 'alike-test';
const cluster = 'tidb/basic';
const other = ['--cluster', 'tidb-second/basic'];

/** The folder of each. */
const dirsOf = (places: TestSandbox[]): string[] => places.flatMap(({folder}) => ['--dir', folder]);

test.before(async t => {
	t.timeout(300_000);
	both = await startPair(name, 'basic');
	before = await textsOfBoth(both);
});

test.after.always(async () => {
	await stopSandbox(name);
});

test.serial('rotating one alone is refused, with the command that has a place for the folder of each', async t => {
	const ran = await rotate(both[0]!, ['--yes'], {cluster});
	t.is(ran.exitCode, 3, ran.stderr);
	t.regex(ran.stderr, /TidbCluster basic in namespace tidb-second trusts the same CA\n.*--cluster tidb\/basic --dir FOLDER --cluster tidb-second\/basic --dir FOLDER/v);
	t.deepEqual(await textsOfBoth(both), before);
});

test.serial('without a folder for each they are refused, and so is one folder for both', async t => {
	const without = await rotate(both[0]!, [...other, '--yes'], {cluster});
	t.is(without.exitCode, 2, without.stderr);
	t.regex(without.stderr, /basic in namespace tidb and basic in namespace tidb-second would share the cluster folder .*\n.*--dir of its own/v);
	const one = await rotate(both[0]!, [...other, '--dir', both[0]!.folder, '--yes'], {cluster});
	t.is(one.exitCode, 2, one.stderr);
	t.regex(one.stderr, /1 --dir for 2 --cluster/v);
	t.deepEqual(await textsOfBoth(both), before);
});

test.serial('folders that are given in the wrong order are refused, before anything is changed', async t => {
	const ran = await rotate(both[0]!, [...other, ...dirsOf(both.toReversed()), '--yes'], {cluster});
	t.is(ran.exitCode, 3, ran.stderr);
	t.regex(ran.stderr, /another cluster's/v);
	t.deepEqual(await textsOfBoth(both), before);
});

test.serial('in lockstep both get a new CA and restart three times, told apart in the list and headings of phases, and no connection within or between them fails by a certificate', async t => {
	t.timeout(600_000);
	const {ran, total, examples, restarts} = await underTraffic(both, async () => rotate(both[0]!, [...other, ...dirsOf(both), '--retire-old-ca', '--yes'], {cluster}));
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(ran.stderr, /\n {2}trust +basic in namespace tidb, basic in namespace tidb-second\n/v);
	t.regex(ran.stderr, /\n== trust of basic in namespace tidb\n[\s\S]*\n== trust of basic in namespace tidb-second\n/v);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(total.accepted > 500, `${total.accepted}`);
	t.deepEqual(restarts, Object.fromEntries(['', 'tidb-second/'].flatMap(where => ['pd', 'tikv', 'tidb'].map(component => [`${where}basic-${component}-0`, 3]))));
	t.is(new Set(await casOfBoth(both)).size, 1);
	t.log(total);
});

test.serial('verify finds nothing in either then', async t => {
	for (const one of both) {
		const ran = await look('verify', one, ['--namespace', one.namespace, '--dir', one.folder]);
		t.is(ran.exitCode, 0, `${ran.stdout}${ran.stderr}`);
	}
});

test.serial('both go back together, byte for byte', async t => {
	t.timeout(600_000);
	const {ran, total, examples} = await underTraffic(both, async () => rollback(both[0]!, [...other, ...dirsOf(both)], {cluster}));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(await textsOfBoth(both), before);
});
