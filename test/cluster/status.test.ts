import {Buffer} from 'node:buffer';
import {rename} from 'node:fs/promises';
import process from 'node:process';
import test from 'ava';
import {execa} from 'execa';
import which from 'which';
import {type ClusterStatus, type Status, statusSchema} from '../../src/status/schema.ts';
import {makeCa, makeLeaf} from '../helpers/pki.ts';
import {resources, type KubeObject} from '../sandbox/kube.ts';
import {
	call,
	type Ended,
	type Place,
	startPlace,
	stopPlace,
} from './helpers/place.ts';
import {root} from './helpers/sandbox.ts';

const name = 'test-status';
const pd = 'basic-pd-cluster-secret';

/* One cluster of stand-ins. What a test changes of a Secret it puts back. */
let place: Place;

test.before(async t => {
	t.timeout(300_000);
	place = await startPlace(name, ['--profile', 'light', '--pd', '1', '--tikv', '2', '--tidb', '1']);
});

test.after.always(async () => {
	await stopPlace(name);
});

const status = async (...args: string[]): Promise<Ended> => {
	const {exitCode = -1, stdout, stderr} = await execa(process.execPath, ['scripts/status.ts', ...args], {
		cwd: root, env: place.env, stdin: 'ignore', reject: false,
	});
	return {status: exitCode, stdout, stderr};
};

const statusOnly = async (...args: string[]): Promise<number> => {
	const ended = await status(...args);
	return ended.status;
};

const json = async (...args: string[]): Promise<Status> => {
	const {stdout} = await status(...args, '--output', 'json');
	return statusSchema.parse(JSON.parse(stdout));
};

type Data = Record<string, string>;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The status of the one cluster. */
const only = async (...args: string[]): Promise<ClusterStatus> => {
	const {clusters} = await json(...args);
	return clusters[0]!;
};

/** Gives PD's Secret other data for a while. */
const withSecret = async (data: Data, look: () => Promise<void>): Promise<void> => {
	const where = {namespace: place.namespace, name: pd};
	const before = (await place.kube.get<KubeObject & {data: Data}>(resources.secrets, where))!;
	await place.kube.patch(resources.secrets, where, {data});
	try {
		await look();
	} finally {
		await place.kube.patch(resources.secrets, where, {data: before.data});
	}
};

test.serial('a healthy cluster is ok, by itself and as one of all', async t => {
	for (const args of [['--cluster', 'basic'], ['--all'], ['--all', '-n', 'tidb'], ['--all', '-A']]) {
		const found = await status(...args);
		t.is(found.status, 0, `${found.stdout}\n${found.stderr}`);
		t.regex(found.stdout, /^TidbCluster basic in namespace tidb: ok\n {2}Position: at rest /v);
	}
});

test.serial('a cluster that is named with its namespace has the same folder, for status and for verify', async t => {
	const [bare, whole] = [await only('--cluster', 'basic'), await only('--cluster', 'tidb/basic')];
	t.deepEqual(whole.folder, bare.folder);
	const verified = await Promise.all(['basic', 'tidb/basic'].map(async cluster => {
		const {stdout} = await call('verify', place, ['--cluster', cluster, '--output', 'json']);
		return (JSON.parse(stdout) as {folder: string}).folder;
	}));
	t.is(verified[1], verified[0]);
});

test.serial('the JSON of one cluster and of all follows the schema, and tells the same', async t => {
	const [one, all] = await Promise.all([only('--cluster', 'basic'), only('--all')]);
	t.deepEqual({...one, position: undefined}, {...all, position: undefined});
	t.deepEqual(one.findings, []);
	t.deepEqual(one.secrets.map(({component, issuedBy, bundle}) => [component, issuedBy, bundle.length]), [
		['pd', 'cfssl folder', 1],
		['tikv', 'cfssl folder', 1],
		['tidb', 'cfssl folder', 1],
		['client', 'cfssl folder', 1],
	]);
	t.like(one.rotation, {pods: 4, how: 'estimated'});
});

const promtool = which.sync('promtool', {nothrow: true});
(promtool === null ? test.serial.skip : test.serial)('promtool has nothing to say about the metrics', async t => {
	const {stdout: input} = await status('--all', '--output', 'prometheus');
	t.regex(input, /^tidb_cert_rotate_cluster_level\{namespace="tidb",cluster="basic",kind="TidbCluster",side="components"\} 0$/mv);
	const {stdout, stderr} = await execa('promtool', ['check', 'metrics'], {input: `${input}\n`});
	t.is(`${stdout}${stderr}`, '');
});

test.serial('the exit status says what is due: 4 within --warn, 5 within --critical', async t => {
	t.is(await statusOnly('--cluster', 'basic', '--warn', '400d'), 4);
	t.is(await statusOnly('--all', '--warn', '400d', '--critical', '400d'), 5);
});

const wrongUsages = [
	[],
	['--cluster', 'basic', '--all'],
	['--cluster', 'basic', '-A'],
	['--all', '-A', '-n', 'tidb'],
	['--all', '--dir', 'x'],
	['--all', '--mysql', '--kind', 'dm'],
	['--all', '--kind', 'dm'],
	['--all', '--critical', '60d'],
	['--cluster', 'none'],
	['--all', '-n', 'none'],
];

test.serial('wrong usage is exit status 2', async t => {
	for (const args of wrongUsages) {
		t.is(await statusOnly(...args), 2, args.join(' '));
	}
});

const other = makeCa();
const stray = makeLeaf(other);
const defects: Array<[title: string, data: () => Data, words: RegExp]> = [
	['an expired leaf', () => ({'tls.crt': base64(makeLeaf(other, {ends: -1}).cert), 'ca.crt': base64(other.cert)}), /has expired at/v],
	['a leaf of another CA', () => ({'tls.crt': base64(stray.cert)}), /is of another CA than its ca\.crt/v],
	['a bundle that cannot be read', () => ({'ca.crt': base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')}), /ca\.crt: 1 of its 1 certificates cannot be read/v],
];

for (const [title, data, words] of defects) {
	test.serial(`${title} is critical, for one cluster and for all`, async t => {
		await withSecret(data(), async () => {
			for (const args of [['--cluster', 'basic'], ['--all']]) {
				const found = await status(...args);
				t.is(found.status, 5, found.stdout);
				t.regex(found.stdout, words);
			}
		});
	});
}

test.serial('a key of another certificate is critical where keys are read, and --all reads none', async t => {
	await withSecret({'tls.key': base64(stray.key)}, async () => {
		const one = await status('--cluster', 'basic');
		t.is(one.status, 5);
		t.regex(one.stdout, /tls\.key does not fit tls\.crt/v);
		t.is(await statusOnly('--all'), 0);
	});
});

test.serial('no byte of a key is asked for with --all', async t => {
	const {stderr} = await status('--all', '--verbose');
	const line = stderr.split('\n').find(text => text.includes('get secrets'));
	t.regex(line!, /index \. "tls\.key"\}\}tls\.key\{\{end/v);
	t.is(stderr.split('get secrets').length, 2);
});

test.serial('without its folder the cluster is told by its Secrets', async t => {
	await rename(place.folder, `${place.folder}.aside`);
	try {
		const found = await only('--cluster', 'basic');
		t.like(found, {folder: null, level: 'ok'});
		t.is(found.position.name, 'at rest');
		t.is(found.secrets[0]!.issuedBy, 'unknown');
	} finally {
		await rename(`${place.folder}.aside`, place.folder);
	}
});

test.serial('rotate --if-due does nothing, and says when it is due, while nothing is', async t => {
	const ended = await call('rotate', place, ['--cluster', 'basic', '--if-due', '30d', '--yes']);
	t.is(ended.status, 0, ended.stderr);
	t.regex(ended.stderr, /Nothing to do: nothing is due within 30 d\.\n.* ends first, at .*; the latest safe start is /v);
});

test.serial('it rotates once that is due, and a restart is measured then', async t => {
	t.timeout(240_000);
	const ended = await call('rotate', place, ['--cluster', 'basic', '--if-due', '400d', '--yes']);
	t.is(ended.status, 0, ended.stderr);
	for (const args of [['--cluster', 'basic'], ['--all']]) {
		const found = await only(...args);
		t.is(found.position.name, 'old CA still trusted');
		t.like(found.rotation, {how: 'measured'});
		t.regex(found.due.what, /--retire-old-ca$/v);
	}
});

test.serial('what is under way goes on, due or not', async t => {
	t.timeout(240_000);
	const ended = await call('rotate', place, ['--cluster', 'basic', '--if-due', '30d', '--retire-old-ca', '--yes']);
	t.is(ended.status, 0, ended.stderr);
	const found = await only('--cluster', 'basic');
	t.is(found.position.name, 'at rest');
	t.deepEqual(found.findings, []);
});
