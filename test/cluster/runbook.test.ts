import {
	copyFile,
	cp,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {execa} from 'execa';
import {
	endAccident,
	keepAll,
	leaves,
	restarted,
} from './helpers/accident.ts';
import {dropLease, holdLease, renewLease} from './helpers/lease.ts';
import {
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {
	askRunbook,
	printRunbook,
	runRunbook,
	runScript,
} from './helpers/runbook.ts';
import {few, root} from './helpers/sandbox.ts';
import {hashes, snapshot} from './helpers/snapshot.ts';
import {podUids, secretsOf} from './helpers/state-of.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. */
type Context = {place: Place};

const test = anyTest as TestFn<Context>;
const name = 'runbook-test';
const pod = 'basic-pd-1';

test.before(async t => {
	t.context = {place: await startPlace(name, few)};
});

test.after.always(async () => {
	await stopPlace(name);
});

/** Runs a runbook that must stop, and must not have changed anything. */
const stopsAtOnce = async (t: ExecutionContext<Context>, script: string, words: RegExp, env: Record<string, string> = {}): Promise<void> => {
	const {place} = t.context;
	const before = await snapshot(place);
	const ran = await runScript(place, script, {env});
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, words);
	t.notRegex(ran.stderr, /line \d+:/v, 'bash itself complains of nothing');
	t.deepEqual(await snapshot(place), before);
};

/** A copy of the cluster folder beside it. */
const copyOf = async ({folder, state}: Place, copy = 'other'): Promise<string> => {
	const target = path.join(state, copy);
	await rm(target, {recursive: true, force: true});
	await cp(folder, target, {recursive: true});
	return target;
};

test.serial('a runbook stops at a folder that says it is another cluster\'s', async t => {
	const {place} = t.context;
	const folder = await copyOf(place);
	await writeFile(path.join(folder, 'cluster.yaml'), `namespace: ${place.namespace}\nuid: 00000000-0000-4000-8000-000000000000\n`);
	await stopsAtOnce(t, await printRunbook(place, ['--dir', folder]), /STOPPED: folder_of_this_cluster[\s\S]*cluster\.yaml says that this folder is another cluster's/v);
});

test.serial('a runbook stops at a folder whose leaf is not the one in its Secret, and names the file', async t => {
	const {place} = t.context;
	const folder = await copyOf(place);
	await copyFile(path.join(folder, 'tidb-server.pem'), path.join(folder, 'tikv-server.pem'));
	await stopsAtOnce(t, await printRunbook(place, ['--dir', folder]), /tls\.crt of Secret basic-tikv-cluster-secret is not tikv-server\.pem/v);
});

test.serial('a runbook stops at a CA key that does not fit the CA', async t => {
	const {place} = t.context;
	const folder = await copyOf(place);
	await copyFile(path.join(folder, 'client-key.pem'), path.join(folder, 'ca-key.pem'));
	await stopsAtOnce(t, await printRunbook(place, ['--dir', folder]), /ca-key\.pem does not fit ca\.pem/v);
});

test.serial('a runbook stops at a Lease that its holder renews, and names the holder', async t => {
	const {place} = t.context;
	await holdLease(place);
	const leave = renewLease(place);
	try {
		await stopsAtOnce(t, await printRunbook(place, []), /STOPPED: no_live_lease[\s\S]*is held by somebody else/v);
	} finally {
		await leave();
	}
});

test.serial('a Lease that nobody renews does not stop it, and the leaves are renewed', async t => {
	const {place} = t.context;
	const before = await leaves(place);
	const ran = await runRunbook(place, ['--keep-ca']);
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /whether the holder of Lease basic-cert-rotate is alive: somebody else/v);
	const now = await leaves(place);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === before[leaf]), [], 'every leaf is a new one');
	await dropLease(place);
});

test.serial('the same runbook a second time stops before it changes anything: the leaves are new', async t => {
	await stopsAtOnce(t, await printRunbook(t.context.place, ['--keep-ca']), /STOPPED: old_enough[\s\S]*pd-server\.pem is valid since/v);
});

/** The leaves before the accident. */
const stopped: {before?: Record<string, string>} = {};

test.serial('a pod that only looks restarted stops the runbook before reissue, which names pod and port; no leaf is written', async t => {
	const {place} = t.context;
	const [before, pods] = [await leaves(place), await podUids(place)];
	await keepAll(place, [pod]);
	const ended = await runRunbook(place, [], {env: {MIN_AGE: '0'}});
	t.is(ended.status, 1, ended.stderr);
	t.deepEqual(await restarted(place, pods), Object.keys(pods), 'Kubernetes shows every pod as restarted');
	const reasons = ended.stderr.slice(ended.stderr.indexOf('STOPPED: trusts pd does not hold'));
	for (const port of [2379, 2380]) {
		t.regex(reasons, new RegExp(`${pod} port ${port}: the canary client certificate was rejected`, 'v'));
	}

	t.notRegex(reasons, /basic-pd-[02]/v, 'the others were really restarted');
	t.deepEqual(await leaves(place), before);
	stopped.before = before;
});

test.serial('the whole runbook does not run on top of the half', async t => {
	await stopsAtOnce(t, await printRunbook(t.context.place, []), /STOPPED: absent ca\.new\.pem ca\.old\.pem/v, {MIN_AGE: '0'});
});

test.serial('after the process was restarted the part for reissue goes on to the end', async t => {
	const {place} = t.context;
	await endAccident(place, pod);
	const ran = await runRunbook(place, ['--phase', 'reissue'], {env: {MIN_AGE: '0'}});
	t.is(ran.status, 0, ran.stderr);
	const now = await leaves(place);
	t.deepEqual(Object.keys(now).filter(leaf => now[leaf] === stopped.before![leaf]), []);
});

test.serial('the part for reissue a second time stops before it changes anything', async t => {
	await stopsAtOnce(t, await printRunbook(t.context.place, ['--phase', 'reissue']), /STOPPED: old_enough/v);
});

test.serial('the part for retire ends with one CA in each Secret', async t => {
	const {place} = t.context;
	const ran = await runRunbook(place, ['--phase', 'retire']);
	t.is(ran.status, 0, ran.stderr);
	t.deepEqual(Object.values(await secretsOf(place)).map(({bundle}) => bundle.length), [1, 1, 1, 1]);
});

test.serial('the part for retire a second time stops before it changes anything', async t => {
	await stopsAtOnce(t, await printRunbook(t.context.place, ['--phase', 'retire']), /STOPPED: absent ca-key\.pem/v);
});

/** A relative name with everything that a shell could misread. */
const strange = '-it\'s "$HOME" `id` \\ * über 証明書';

test.serial('a folder whose name a shell could misread comes through the runbook unharmed', async t => {
	const {place} = t.context;
	const folder = await copyOf(place, strange);
	const before = await hashes(place.folder);
	const ran = await runRunbook(place, ['--keep-ca', '--dir', strange], {cwd: place.state, env: {MIN_AGE: '0'}});
	t.is(ran.status, 0, ran.stderr);
	const now = await hashes(folder);
	t.not(now['client.pem'], before['client.pem']);
	t.deepEqual(await hashes(place.folder), before);
});

test.serial('a folder whose name a shell could misread comes through the run unharmed', async t => {
	const {place} = t.context;
	const folder = path.join(place.state, strange);
	const before = await hashes(folder);
	const ran = await execa(process.execPath, [path.join(root, 'scripts/rotate.ts'), '--cluster', 'basic', '--keep-ca', '--dir', strange, '--min-age', '0', '--yes'], {
		cwd: place.state, env: place.env, reject: false, stdin: 'ignore',
	});
	t.is(ran.exitCode, 0, ran.stderr);
	const now = await hashes(folder);
	t.not(now['client.pem'], before['client.pem']);
});

for (const [title, args, words] of [
	['cluster', ['--cluster', 'basic;$(touch here)', '--namespace', 'tidb'], /cluster "basic;\$\(touch here\)" cannot be a Kubernetes name: it contains/v],
	['namespace', ['--cluster', 'basic', '--namespace', '`id`|sh'], /namespace "`id`\|sh" cannot be a Kubernetes name: it contains/v],
] as const) {
	test.serial(`a ${title} name with shell characters is refused by both commands, with the reason`, async t => {
		const book = await askRunbook([...args]);
		t.is(book.status, 2);
		t.regex(book.stderr, words);
		t.is(book.stdout, '');
		const {exitCode, stderr} = await execa(process.execPath, ['scripts/rotate.ts', ...args, '--yes'], {
			cwd: root, env: t.context.place.env, reject: false, stdin: 'ignore',
		});
		t.is(exitCode, 2);
		t.regex(stderr, words);
	});
}

test.serial('a folder name with a line break is refused by the runbook, with the reason', async t => {
	const {status, stdout, stderr} = await askRunbook(['--cluster', 'basic', '--namespace', 'tidb', '--dir', 'one\nrm -rf two']);
	t.is(status, 2);
	t.regex(stderr, /line break/v);
	t.is(stdout, '');
});
