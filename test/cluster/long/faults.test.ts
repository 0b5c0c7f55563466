import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {listProcesses} from '../../sandbox/processes.ts';
import {freeze} from '../helpers/admission.ts';
import {type Begun, beginRotation} from '../helpers/begin.ts';
import {mountProblem, onFullDisk} from '../helpers/full-disk.ts';
import {holdKubectl} from '../helpers/hold-kubectl.ts';
import {isFree} from '../helpers/lock.ts';
import {
	call,
	type Ended,
	startPlace,
	stopPlace,
	type Place,
} from '../helpers/place.ts';
import {countRestarts} from '../helpers/restart-count.ts';
import {podUids} from '../helpers/state-of.ts';
import {takePort} from '../helpers/take-port.ts';
import {until} from '../helpers/until.ts';
import {wrapKubectl} from '../helpers/wrap-kubectl.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. */
const test = anyTest as TestFn<{place: Place}>;
const name = 'faults-test';
/** A rotation of a few seconds, as often as one likes. */
const short = ['--keep-ca', '--components', 'tikv', '--min-age', '0'];
const firstApply = '"apply -f -"';

test.before(async t => {
	t.timeout(300_000);
	t.context = {place: await startPlace(name, ['--profile', 'light', '--tikv', '1', '--tidb', '1'])};
});

test.after.always(async () => {
	await stopPlace(name);
});

test.afterEach(async t => {
	t.true(await isFree(t.context.place), 'Lease and folder are free after every test');
});

/** The step that the run is at, by its journal. */
const reaches = async ({folder}: Place, {pid}: Begun, step: string): Promise<void> => {
	await until(`begin of ${step}`, async () => {
		const journal = path.join(folder, 'journal.ndjson');
		const text = existsSync(journal) ? await readFile(journal, 'utf8') : '';
		const run = text.slice(text.lastIndexOf(`"pid":${pid}`));
		return text.includes(`"pid":${pid}`) && run.includes(`"event":"begin","step":"${step}"`);
	}, 120_000);
};

/** Stops the process of the API server, for so many milliseconds. */
const stopApiserver = async ({state}: Place, milliseconds: number): Promise<void> => {
	const processes = await listProcesses(state);
	const {pid} = processes.find(({command}) => /\/kube-apiserver(?: |$)/v.test(command))!;
	process.kill(pid, 'SIGSTOP');
	try {
		await sleep(milliseconds);
	} finally {
		process.kill(pid, 'SIGCONT');
	}
};

const goesOn = async (t: ExecutionContext<{place: Place}>): Promise<void> => {
	const ran = await beginRotation(t.context.place, short.slice(0, 3)).ended;
	t.is(ran.status, 0, ran.stderr);
};

/** Runs a short rotation by a kubectl that is wrapped so, and counts the restarts. */
const rotateBy = async (place: Place, body: string): Promise<Ended & {restarts: Record<string, number>}> => {
	const {env, close} = await wrapKubectl(place, body);
	const restarts = await countRestarts(place);
	try {
		const ended = await beginRotation(place, short, env).ended;
		return {...ended, restarts: await restarts.stop()};
	} finally {
		await close();
	}
};

test.serial('an API server that is away for a minute while pods restart: the run goes on when it is back', async t => {
	const {place} = t.context;
	const begun = beginRotation(place, short);
	await reaches(place, begun, 'reissue.rolled.tikv');
	await stopApiserver(place, 60_000);
	const ran = await begun.ended;
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /the cluster cannot be asked|try 1/v);
});

test.serial('a write that does not reach the API server is tried again, and each try is counted', async t => {
	const ran = await rotateBy(t.context.place, `
if [ "$*" = 'apply -f -' ] && { mkdir "$folder/one" || mkdir "$folder/two"; } 2> /dev/null; then
	exec "$real" --server https://127.0.0.1:1 "$@"
fi`);
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /try 1: .*refused[\s\S]*try 2: .*refused/v);
	t.notRegex(ran.stderr, /try 3/v);
});

test.serial('a patch that was done although its answer was lost is not done again: one restart', async t => {
	const ran = await rotateBy(t.context.place, `
case "$*" in 'patch tidbcluster '*)
	"$real" "$@" > /dev/null
	echo 'Unable to connect to the server: unexpected EOF' >&2
	echo done >> "$folder/patches"
	exit 1;;
esac`);
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /try 1: .*unexpected EOF/v);
	t.notRegex(ran.stderr, /try 2/v);
	t.is(ran.restarts['basic-tikv-0'], 1);
});

test.serial('a write that is refused by a conflict is done again', async t => {
	const ran = await rotateBy(t.context.place, `
if [ "$*" = 'apply -f -' ] && mkdir "$folder/once" 2> /dev/null; then
	cat > /dev/null
	echo 'Error from server (Conflict): Operation cannot be fulfilled on secrets "basic-tikv-cluster-secret": the object has been modified' >&2
	exit 1
fi`);
	t.is(ran.status, 0, ran.stderr);
	t.regex(ran.stderr, /try 1: .*Conflict/v);
});

test.serial('a kubectl that is slow at every call only takes longer', async t => {
	const ran = await rotateBy(t.context.place, 'sleep 1');
	t.is(ran.status, 0, ran.stderr);
});

test.serial('a kubectl that hangs while it reads is given up, and nothing was changed', async t => {
	const {place} = t.context;
	const {env, close} = await wrapKubectl(place, 'case "$*" in *secrets*) sleep 600;; esac');
	const before = await podUids(place);
	const ran = await beginRotation(place, short, env).ended;
	await close();
	t.not(ran.status, 0);
	t.regex(ran.stderr, /no answer within \d+ s/v);
	t.deepEqual(await podUids(place), before);
});

test.serial('an apply that admission refuses ends the run with its words and the way on, and the same command goes on when it is allowed', async t => {
	const {place} = t.context;
	const held = await holdKubectl(place, firstApply);
	const begun = beginRotation(place, short, held.env);
	await held.reached();
	const thaw = await freeze(place, 'secrets');
	await held.letGo();
	const ran = await begun.ended;
	await held.close();
	await thaw();
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /frozen for today/v);
	t.regex(ran.stderr, /then go on: npm run rotate -- --cluster basic/v);
	t.notRegex(ran.stderr, /try 1/v);
	await goesOn(t);
});

test.serial('a pod that does not get ready ends the wait with its name, since when, its last log lines and the ways on and back', async t => {
	const {place} = t.context;
	const begun = beginRotation(place, [...short, '--timeout', '15s']);
	const taken = takePort(place, 'tikv', 20_160);
	const ran = await begun.ended;
	const giveBack = await taken;
	await giveBack();
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /basic-tikv-0: not Ready since \d{4}-/v);
	t.regex(ran.stderr, /its last log lines:\n.*(?:\n.*)?address already in use/v);
	t.regex(ran.stderr, /when the cause is gone, go on: npm run rotate/v);
	t.regex(ran.stderr, /or go back: npm run rollback -- --cluster basic/v);
	t.regex(ran.stderr, /--recreate-pods/v);
	await goesOn(t);
});

test.serial('a pod that cannot be made is told by the events of its StatefulSet', async t => {
	const {place} = t.context;
	const allow = await freeze(place, 'pods');
	const ran = await beginRotation(place, [...short, '--timeout', '15s']).ended;
	await allow();
	t.is(ran.status, 1, ran.stderr);
	t.regex(ran.stderr, /basic-tikv: 0 of 1 pods/v);
	t.regex(ran.stderr, /FailedCreate/v);
	await goesOn(t);
});

const [onDisk, why] = mountProblem === undefined ? [test.serial, ''] : [test.serial.skip, ` (no file system can be mounted here: ${mountProblem})`];

onDisk(`a full disk ends the run in words wherever it is met, and with room the same command goes on${why}`, async t => {
	const {place} = t.context;
	t.timeout(300_000);
	const statuses: number[] = [];
	for (const free of [0, 20, 100, 160, 220, 280]) {
		const ran = await call('rotate', place, ['--cluster', place.cluster, '--yes', ...short], {by: onFullDisk(place, free)});
		statuses.push(ran.status);
		t.true(ran.status === 0 || /no space left on device/iv.test(ran.stderr), ran.stderr);
		t.true([0, 1, 3].includes(ran.status), ran.stderr);
		await goesOn(t);
	}

	t.log('by KiB of room', statuses);
	t.true(statuses.includes(1));
	t.true(statuses.includes(3));
});

test.serial('a clock that is off is refused before anything is changed', async t => {
	const {place} = t.context;
	const ahead = 'const real = Date.now; Date.now = () => real() + 600000;';
	const ran = await beginRotation(place, short, {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}`}).ended;
	t.is(ran.status, 3, ran.stderr);
	t.regex(ran.stderr, /the clock of this machine is \d+ min ahead of the API server's/v);
});
