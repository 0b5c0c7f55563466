import {Buffer} from 'node:buffer';
import {mkdir, readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {execa} from 'execa';
import {freeze} from './helpers/admission.ts';
import {
	findInSandbox,
	keysAtHome,
	readableByOthers,
} from './helpers/key-places.ts';
import {recordKeys, type KeyRecorder} from './helpers/key-recorder.ts';
import {findKey, keyWindows} from './helpers/key-windows.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Place,
} from './helpers/place.ts';
import {watchProcesses, type ProcessWatch} from './helpers/process-watch.ts';
import {kubectl} from './helpers/product.ts';
import {few} from './helpers/sandbox.ts';
import {snapshot} from './helpers/snapshot.ts';

type Context = {
	place: Place;
	recorder: KeyRecorder;
	watch: ProcessWatch;
	/** TMPDIR and HOME of the runs. */
	temporary: string;
	home: string;
	/** All keys seen at home, of every generation. */
	keys: Set<string>;
	/** What the runs printed, by the test's title. */
	said: Map<string, string>;
};

const test = anyTest as TestFn<Context>;
const name = 'keys-test';

test.before(async t => {
	const place = await startPlace(name, few);
	const [temporary, home] = [path.join(place.state, 'tmp'), path.join(place.state, 'home')];
	await Promise.all([temporary, home].map(async folder => mkdir(folder)));
	t.context = {
		place, temporary, home, recorder: await recordKeys(place), watch: watchProcesses(), keys: new Set(await keysAtHome(place)), said: new Map(),
	};
});

test.after.always(async t => {
	const {recorder, watch} = t.context as Partial<Context>;
	watch?.stop();
	await recorder?.close();
	await stopPlace(name);
});

type Trouble = {
	/** The folder or argument at which cfssl fails. */
	failWhere?: string;
	/** The beginning of the name of a temporary folder: as soon as it is there, the run is interrupted. */
	interruptAt?: string;
};

/** Rotates as loudly as can be. */
const run = async (t: ExecutionContext<Context>, args: string[], {failWhere = '', interruptAt}: Trouble = {}): Promise<{status: number; said: string}> => {
	const {
		place, temporary, home, recorder, keys, said,
	} = t.context;
	const {status, stdout, stderr} = await call('rotate', place, ['--cluster', 'basic', '--yes', '--verbose', ...args], {
		...(interruptAt !== undefined && {
			async interruptWhen() {
				const names = await readdir(temporary);
				return names.some(one => one.startsWith(interruptAt));
			},
		}),

		env: {
			...recorder.env, TMPDIR: temporary, HOME: home, NODE_DEBUG: 'execa,zx', ZX_VERBOSE: 'true', FAIL_WHERE: failWhere,
		},
	});
	const text = `${stdout}\n${stderr}`;
	said.set(t.title, text);
	for (const key of await keysAtHome(place)) {
		keys.add(key);
	}

	t.deepEqual(await readdir(temporary), [], 'the folder for temporary files is empty again');
	t.deepEqual(await readableByOthers(place), []);
	return {status, said: text};
};

test.serial('the search finds a key in each of its forms', async t => {
	const keys = [...t.context.keys];
	const windows = keyWindows(keys);
	for (const key of keys) {
		const forms = [
			key,
			JSON.stringify({key}),
			key.replaceAll(/^/gmv, ' '.repeat(4)),
			...[0, 1, 2].map(offset => Buffer.from(`${'x'.repeat(offset)}${key}`).toString('base64')),
			Buffer.from(JSON.stringify({key})).toString('base64'),
		];
		t.true(forms.every(form => findKey(`something before ${form} and after`, windows) !== undefined));
	}

	const {place: {folder}} = t.context;
	const {stdout: certificates} = await execa('cat', ['ca.pem', 'pd-server.pem', 'pd-server.csr', 'client.pem'], {cwd: folder});
	t.is(findKey(`${certificates}\n${Buffer.from(certificates).toString('base64')}`, windows), undefined, 'certificates are no keys');
});

test.serial('the search finds the key that a refused kubectl apply prints', async t => {
	const {place, keys} = t.context;
	const thaw = await freeze(place, 'secrets');
	try {
		const options = {cwd: place.folder, env: place.env, reject: false} as const;
		const {stdout: manifest} = await execa('kubectl', [
			'create',
			'secret',
			'generic',
			'basic-pd-cluster-secret',
			'--namespace=tidb',
			'--from-file=tls.crt=pd-server.pem',
			'--from-file=tls.key=pd-server-key.pem',
			'--from-file=ca.crt=ca.pem',
			'--dry-run=client',
			'-o',
			'yaml',
		], options);
		const {stderr, failed} = await execa('kubectl', ['apply', '-f', '-'], {...options, input: manifest});
		t.true(failed);
		t.not(findKey(stderr, keyWindows(keys)), undefined);
	} finally {
		await thaw();
	}
});

test.serial('a dry run ends well', async t => {
	const before = await snapshot(t.context.place);
	const ran = await run(t, ['--dry-run', '--retire-old-ca']);
	t.deepEqual(await snapshot(t.context.place), before, 'nothing is left behind');
	t.is(ran.status, 0, ran.said);
	t.regex(ran.said, /kubectl get tidbclusters\.pingcap\.com .*-o json/v, '--verbose shows what is read');
});

test.serial('a cfssl that fails in the rehearsal stops the run before the first write', async t => {
	const ran = await run(t, [], {failWhere: 'tidb-cert-rotate-rehearsal-'});
	t.is(ran.status, 3, ran.said);
});

test.serial('an interrupt in the rehearsal, which has copies of the keys, leaves nothing behind', async t => {
	const before = await snapshot(t.context.place);
	const ran = await run(t, [], {interruptAt: 'tidb-cert-rotate-rehearsal-'});
	t.is(ran.status, 130, ran.said);
	t.deepEqual(await snapshot(t.context.place), before);
});

test.serial('a cfssl that fails while the CA is made stops the run', async t => {
	const ran = await run(t, [], {failWhere: '.staging-'});
	t.is(ran.status, 1, ran.said);
	t.regex(ran.said, /cfssl gencert -initca/v);
});

test.serial('a kubectl apply that admission refuses stops the run', async t => {
	const thaw = await freeze(t.context.place, 'secrets');
	try {
		const ran = await run(t, []);
		t.is(ran.status, 1, ran.said);
		t.regex(ran.said, /frozen for today/v);
	} finally {
		await thaw();
	}
});

test.serial('a cfssl that fails while the canary is made stops the run at the gate', async t => {
	const ran = await run(t, [], {failWhere: 'tidb-cert-rotate-throwaway-'});
	t.is(ran.status, 1, ran.said);
	t.regex(ran.said, /throwaway client certificate|canary|control/v);
});

test.serial('a cfssl that fails while leaves are signed stops the run', async t => {
	const ran = await run(t, [], {failWhere: '.staging-'});
	t.is(ran.status, 1, ran.said);
	t.regex(ran.said, /cfssl gencert -ca=/v);
});

test.serial('the same command goes on to the end', async t => {
	const ran = await run(t, ['--retire-old-ca']);
	t.is(ran.status, 0, ran.said);
});

test.serial('no private key stands anywhere but in the cluster folder, its backups and the Secrets', async t => {
	const {
		place, keys, recorder, watch, said,
	} = t.context;
	const made = await recorder.keys();
	const windows = keyWindows([...keys, ...made]);
	t.log(`${keys.size} keys at home, ${made.length} made by cfssl`);
	for (const [title, text] of said) {
		t.is(findKey(text, windows), undefined, `printed by: ${title}`);
	}

	const {text, processes} = watch.stop();
	t.log(`arguments and environments of ${processes} processes`);
	t.true(processes > 100 && /cfssl\S* gencert -ca=ca\.new\.pem/v.test(text), 'processes were seen');
	t.is(findKey(text, windows), undefined, 'arguments and environments of processes');

	const kinds = 'events,tidbclusters,statefulsets,pods,services,configmaps,leases';
	const objects = await kubectl(place, ['get', kinds, '--all-namespaces', '--show-managed-fields', '-o', 'yaml']);
	t.is(findKey(objects, windows), undefined, 'objects of the API server');

	const reports = path.join(place.folder, 'reports');
	const reportNames = await readdir(reports);
	const pages = await Promise.all(reportNames.map(async file => readFile(path.join(reports, file), 'utf8')));
	t.is(pages.filter(page => page.includes('Failed: the rotation is not finished')).length, 2 * 4, 'the failed runs have reports, each in two forms');
	t.true(pages.some(page => page.includes('frozen for today')), 'with what the programs said');

	const {found, searched} = await findInSandbox(place, windows);
	t.log(`${searched} files`);
	t.deepEqual(found, []);
});
