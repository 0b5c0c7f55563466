import {
	cp,
	mkdir,
	mkdtemp,
	readFile,
	realpath,
	rm,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {commandLines} from '../helpers/readme.ts';
import {
	type Ended,
	type Place,
	startPlace,
	stopPlace,
} from './helpers/place.ts';
import {few, root} from './helpers/sandbox.ts';

const name = 'test-readme';

/* One cluster of stand-ins; the README's commands go on from where the one before left it. */
let place: Place;
let folder: string;

test.before(async t => {
	t.timeout(300_000);
	place = await startPlace(name, few);
	const made = await mkdtemp(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	folder = await realpath(made);
});

test.after.always(async () => {
	await stopPlace(name);
	await rm(folder, {recursive: true, force: true});
});

/** As a person runs it, but that npm is told where the tool is: what a line writes comes into a folder of the test. */
const bash = async (line: string, env: Record<string, string> = {}): Promise<Ended> => {
	const {exitCode = -1, stdout, stderr} = await execa('bash', ['-c', `npm() { command npm --prefix "$tool" "$@"; }\n${line}`], {
		cwd: folder, env: {...place.env, tool: root, ...env}, stdin: 'ignore', reject: false,
	});
	return {status: exitCode, stdout, stderr};
};

/** The README's command for this sandbox, with the answer that nobody is there to give. */
const forTest = (line: string): string => {
	const isAsking = /npm run (?:rotate|rollback|issue) /v.test(line) && !line.includes('--dry-run');
	const named = line.replace(/sandbox -- [a-z]+/v, call => `${call} --name ${name}`);
	return `${named}${isAsking ? ' --yes' : ''}`;
};

/** What some say, and their exit status where it is not 0. */
const expected = new Map<string, {says: RegExp; status?: number}>([
	['npm run rotate -- --cluster basic', {says: /The old CA is still trusted\. To take it away:/v}],
	['npm run rotate -- --cluster basic --retire-old-ca', {says: /\nDone\.\nReport: .*\/reports\/\w+\.html$/v}],
	['npm run rotate -- --cluster basic --keep-ca', {says: /Nothing to do: the certificates that this would replace are valid since/v}],
	['npm run issue -- --cluster basic --namespace tidb', {says: /these Secrets exist already/v, status: 3}],
	// Of cert-manager's routes those for cfssl as well are tried here; each is by itself in cert-manager-routes.test.ts.
	['npm run rotate -- --cluster basic --keep-ca --as-documented', {says: /--as-documented is for certificates that cert-manager issues/v, status: 2}],
]);

const isElsewhere = (line: string): boolean => line.startsWith('make ')
	// A cluster that has them: mysql.test.ts.
	|| line.includes('--mysql')
	// A DMCluster: dm.test.ts.
	|| line.includes('--kind dm')
	// Two of them: together.test.ts, and long/alike.test.ts.
	|| line.split('--cluster').length > 2
	// An outage, which is tried with expired certificates (cure.test.ts).
	|| line.includes('--accept-outage') || line.endsWith('sandbox -- down');

const lines = [...new Set(commandLines())].filter(line => !isElsewhere(line));
for (const line of lines) {
	const {says = /^/v, status = 0} = expected.get(line) ?? {};
	test.serial(line, async t => {
		t.timeout(240_000);
		const ended = await bash(forTest(line));
		t.is(ended.status, status, `${ended.stdout}\n${ended.stderr}`);
		t.regex(ended.stderr.trimEnd(), says);
	});
}

test.serial('the dry run\'s file is JSON, and the runbooks are bash', async t => {
	const plan = await readFile(path.join(folder, 'plan.json'), 'utf8');
	t.like(JSON.parse(plan) as {format: number}, {format: 1});
	for (const script of ['rotate.sh', 'leaves.sh', 'retire.sh']) {
		await t.notThrowsAsync(execa('bash', ['-n', script], {cwd: folder}));
	}
});

test.serial('the exports of sandbox env are this sandbox\'s', async t => {
	const {stdout} = await bash(`eval "$(npm run -s sandbox -- env --name ${name})"; printf '%s' "$KUBECONFIG"`, {KUBECONFIG: ''});
	t.is(stdout, place.env.KUBECONFIG!);
});

test.serial('relative paths are meant from where npm is called', async t => {
	await mkdir(path.join(folder, 'here'));
	await cp(place.folder, path.join(folder, 'here/certs'), {recursive: true});
	await cp(place.env.KUBECONFIG!, path.join(folder, 'here/config'));
	const {status, stdout, stderr} = await bash('cd here && npm run -s rotate -- --cluster basic --dir certs --dry-run --output json --min-age 0', {KUBECONFIG: 'config'});
	t.is(status, 0, `${stdout}\n${stderr}`);
	t.like(JSON.parse(stdout) as {folder: string}, {folder: path.join(folder, 'here/certs')});
});

test.serial('npm run sandbox -- down', async t => {
	const {status, stdout, stderr} = await bash(forTest('npm run sandbox -- down'));
	t.is(status, 0, `${stdout}\n${stderr}`);
	t.regex(stderr, /is down: \d+ processes ended/v);
});
