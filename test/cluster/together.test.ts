import {
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {serialsByComponent} from './helpers/agree.ts';
import {
	casOfBoth,
	startPair,
	textsOfBoth,
	underTraffic,
} from './helpers/pair.ts';
import {rollback, rotate} from './helpers/product.ts';
import {stopSandbox, type TestSandbox} from './helpers/sandbox.ts';
import {certificatesIn, podUids, secretsOf} from './helpers/state-of.ts';
import {until} from './helpers/until.ts';

/* Two clusters of stand-ins in two namespaces on one CA, whose pods and clients call each other all the while; each test goes on from where the one before left it. */
let both: TestSandbox[];
let before: Array<Record<string, Record<string, string>>>;

const name = 'together-test';
// By the namespace, as the refusal of one alone prints it.
const others = ['--cluster', 'tidb-second/second'];

test.before(async t => {
	t.timeout(300_000);
	both = await startPair(name, 'second');
	before = await textsOfBoth(both);
});

test.after.always(async () => {
	await stopSandbox(name);
});

test.serial('rotating one alone is refused, with the reason and the command for both', async t => {
	for (const one of both) {
		const ran = await rotate(one, ['--yes']);
		t.is(ran.exitCode, 3, ran.stderr);
		const lines = ran.stderr.split('\n');
		const [reason, command] = lines.slice(lines.findIndex(line => line.includes('trusts the same CA')));
		t.regex(reason!, /TidbCluster (?:basic|second) in namespace tidb(?:-second)? trusts the same CA$/v);
		t.regex(command!, /npm run rotate -- --cluster (?:basic --cluster tidb-second\/second|second --cluster tidb\/basic)/v);
	}

	t.deepEqual(await textsOfBoth(both), before);
});

test.serial('the dry run tells the order, and changes nothing', async t => {
	const pods = await Promise.all(both.map(async one => podUids(one)));
	const ran = await rotate(both[0]!, [...others, '--retire-old-ca', '--dry-run']);
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(ran.stdout, /trust +basic, second\n +reissue +basic, second\n +retire +basic, second\n/v);
	t.regex(ran.stdout, /cp -p \S+\/basic\/ca\.new\.pem \S+\/basic\/ca-key\.new\.pem \.\n/v);
	t.notRegex(ran.stdout, /yours to do/v);
	t.deepEqual(await textsOfBoth(both), before);
	t.deepEqual(await Promise.all(both.map(async one => podUids(one))), pods);
});

/** The same place by a kubeconfig that has two names for its API server, and one for a server that is not there. */
const withContexts = async (t: ExecutionContext, place: TestSandbox): Promise<TestSandbox> => {
	const {stdout} = await execa('kubectl', ['config', 'view', '-o', 'json'], {env: place.env});
	const {contexts} = JSON.parse(stdout) as {contexts: [{context: Record<string, string>}]};
	const [{context}] = contexts;
	const folder = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-contexts-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const file = path.join(folder, 'config');
	await writeFile(file, JSON.stringify({
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{name: 'nowhere', cluster: {server: 'https://127.0.0.1:1'}}],
		contexts: [{name: 'east', context}, {name: 'west', context}, {name: 'nowhere', context: {...context, cluster: 'nowhere'}}],
	}));
	return {...place, env: {...place.env, KUBECONFIG: `${file}${path.delimiter}${place.env.KUBECONFIG!}`}};
};

test.serial('each is looked for by the context that was given for it', async t => {
	const place = await withContexts(t, both[0]!);
	const ran = await rotate(place, ['--context', 'east', ...others, '--context', 'west', '--dry-run']);
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(ran.stdout, /trust +basic, second\n/v);
	for (const [one, other] of [['east', 'nowhere'], ['nowhere', 'west']] as const) {
		const refused = await rotate(place, ['--context', one, ...others, '--context', other, '--dry-run']);
		t.is(refused.exitCode, 3, refused.stderr);
		t.regex(refused.stderr, /127\.0\.0\.1:1\b/v);
	}
});

test.serial('in lockstep both get a new CA: killed in the second one\'s restarts and gone on with, no connection within or between them fails by a certificate', async t => {
	t.timeout(600_000);
	const {total, examples, restarts} = await underTraffic(both, async () => {
		const killed = new AbortController();
		const begun = rotate(both[0]!, [...others, '--retire-old-ca', '--yes'], {signal: killed.signal});
		await until('the second one\'s restarts', async () => {
			const journal = await readFile(path.join(both[1]!.folder, 'journal.ndjson'), 'utf8').catch(() => '');
			return journal.includes('"event":"begin","step":"trust.rolled.pd"');
		}, 200_000);
		killed.abort();
		await begun;
		const states = await Promise.all(both.map(async one => secretsOf(one)));
		t.deepEqual(states.map(({pd}) => pd!.bundle.length), [2, 2]);
		const ran = await rotate(both[0]!, [...others, '--retire-old-ca', '--min-age', '0', '--yes']);
		t.is(ran.exitCode, 0, ran.stderr);
	});
	t.log(total);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.true(total.accepted > 500);
	t.deepEqual(Object.values(restarts), Array.from({length: 6}, () => 3));
});

test.serial('both trust the new CA alone, the same, and every port serves the leaf of its Secret', async t => {
	const cas = await casOfBoth(both);
	t.is(new Set(cas).size, 1);
	t.not(cas[0], certificatesIn(before[0]!.pd!['ca.crt']!)[0]!.fingerprint256);
	for (const one of both) {
		const serials = await serialsByComponent(one);
		t.deepEqual(Object.entries(serials).filter(([, places]) => new Set(Object.values(places)).size !== 1), []);
	}
});

test.serial('the same command again does nothing', async t => {
	const now = await textsOfBoth(both);
	const ran = await rotate(both[0]!, [...others, '--retire-old-ca', '--yes']);
	t.is(ran.exitCode, 0, ran.stderr);
	t.regex(ran.stdout + ran.stderr, /Nothing to do/v);
	t.deepEqual(await textsOfBoth(both), now);
});

test.serial('taking one back alone is refused: the other has leaves of the CA that would go', async t => {
	const now = await textsOfBoth(both);
	const ran = await rollback(both[0]!);
	t.is(ran.exitCode, 3, ran.stderr);
	t.regex(ran.stderr, /TidbCluster second in namespace tidb-second trusts the CA that would go.*\n.*npm run rollback -- --cluster basic --cluster tidb-second\/second/v);
	t.deepEqual(await textsOfBoth(both), now);
});

test.serial('both go back together, byte for byte, and no connection within or between them fails by a certificate', async t => {
	t.timeout(600_000);
	const {ran, total, examples} = await underTraffic(both, async () => rollback(both[0]!, others));
	t.is(ran.exitCode, 0, ran.stderr);
	t.is(total.certificateErrors, 0, JSON.stringify(examples));
	t.deepEqual(await textsOfBoth(both), before);
});
