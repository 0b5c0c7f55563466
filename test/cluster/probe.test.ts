import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {certificatesIn, secretsOf} from './helpers/state-of.ts';
import {type Begun, beginRotation} from './helpers/begin.ts';
import {journalOf, probeNumbersOf} from './helpers/journal.ts';
import {startPlace, stopPlace, type Place} from './helpers/place.ts';
import {processesWith} from './helpers/process-watch.ts';
import {mountStrangeLeaf} from './helpers/strange-leaf.ts';
import {until} from './helpers/until.ts';
import {wrapKubectl} from './helpers/wrap-kubectl.ts';

/* One cluster of stand-ins; each test goes on from where the one before left it. The last one leaves it broken. */
const name = 'probe-test';
const rotation = ['--retire-old-ca', '--min-age', '0', '--probe'];
let place: Place;

test.before(async t => {
	t.timeout(300_000);
	place = await startPlace(name, ['--profile', 'light', '--tikv', '2', '--tidb', '1']);
});

test.after.always(async () => {
	await stopPlace(name);
});

/** Waits until a run begins with a step, by its journal. */
const reaches = async (step: string, {pid}: Begun): Promise<void> => {
	await until(`begin of ${step}`, async () => {
		const entries = await journalOf(place.folder, pid);
		return entries.some(entry => entry.event === 'begin' && entry.step === step);
	}, 120_000);
};

test.serial('a rotation ends with the numbers of each port, no certificate failure among them, and all its programs end with it', async t => {
	t.timeout(300_000);
	const ended = await beginRotation(place, rotation, {RUN: 'probe-clean'}).ended;
	t.is(ended.status, 0, ended.stderr);
	const {targets} = await probeNumbersOf(place.folder);
	t.deepEqual(targets.map(({pod, port}) => `${pod} ${port}`).toSorted(), [
		...[0, 1, 2].flatMap(ordinal => [2379, 2380].map(port => `basic-pd-${ordinal} ${port}`)),
		'basic-tidb-0 10080',
		...[0, 1].flatMap(ordinal => [20_160, 20_180].map(port => `basic-tikv-${ordinal} ${port}`)),
	]);
	t.deepEqual(targets.filter(({accepted, certificateFailures}) => accepted === 0 || certificateFailures > 0), []);
	let attempts = 0;
	for (const target of targets) {
		attempts += target.attempts;
		t.true(target.longestGap > 0 && target.longestGap < 60_000, JSON.stringify(target));
	}

	t.regex(ended.stderr, new RegExp(String.raw`^Probe: ${attempts} mTLS connections through port-forward, \d+ accepted, 0 certificate failures$`, 'mv'));
	t.regex(ended.stderr, /^basic-tikv-1 +20180 +\d+ +\d+ +0 +\d+ +\d+ +\d+\.\d s$/mv);
	t.deepEqual(processesWith('RUN=probe-clean'), []);
});

test.serial('an interrupted rotation ends the probe with it', async t => {
	t.timeout(120_000);
	const run = beginRotation(place, rotation, {RUN: 'probe-interrupted'});
	await reaches('trust.restart.pd', run);
	t.true(processesWith('RUN=probe-interrupted').some(command => command.includes('port-forward')));
	run.kill('SIGINT');
	const ended = await run.ended;
	t.is(ended.status, 130, ended.stderr);
	t.deepEqual(processesWith('RUN=probe-interrupted'), []);
	const {targets} = await probeNumbersOf(place.folder);
	t.is(targets.length, 11);
});

/** Notes the time of each call that writes, but for the Lease's. */
const writes = 'case "$1 $*" in *--validate=false*|*--dry-run*) ;; apply*|patch*|create*|replace*|delete*) echo "$(date +%s%3N) $*" >> "$folder/writes" ;; esac';

test.serial('a pod that serves a strange leaf, after all gates, stops the rotation before its next write, at the third failure', async t => {
	t.timeout(300_000);
	const kubectl = await wrapKubectl(place, writes);
	const over = new AbortController();
	try {
		const run = beginRotation(place, rotation, kubectl.env);
		await reaches('reissue.restart.pd', run);
		const accident = mountStrangeLeaf(place, 'basic-tikv-0', 'tikv', over.signal);
		const ended = await run.ended;
		over.abort();
		await accident;
		t.is(ended.status, 1, ended.stderr);
		t.regex(ended.stderr, /probe failed by certificate 3 times in a row at basic-tikv-0 port 201[68]0: the leaf that it serves is not trusted .*signed by no CA of the 2/v);
		t.regex(ended.stderr, /this run ends before its next write\n {2}it stands at: /v);
		t.regex(ended.stderr, /^→ then go on: npm run rotate -- --cluster basic --retire-old-ca --probe --min-age 0s --yes\n→ or go back: npm run rollback -- --cluster basic$/mv);
		const entries = await journalOf(place.folder);
		const alarm = Date.parse(entries.find(({event}) => event === 'probe-alarm')!.time);
		const written = await readFile(path.join(kubectl.folder, 'writes'), 'utf8');
		const times = written.trim().split('\n').map(line => Number(line.split(' ', 1)[0]));
		t.true(times.length > 0);
		t.log(written);
		t.deepEqual(times.filter(time => time > alarm), []);
		t.deepEqual(entries.filter(({event, time}) => event === 'begin' && Date.parse(time) > alarm), []);
		const {targets} = await probeNumbersOf(place.folder);
		const failed = targets.filter(({certificateFailures}) => certificateFailures > 0);
		t.deepEqual(new Set(failed.map(({pod}) => pod)), new Set(['basic-tikv-0']));
		t.true(failed.some(({certificateFailures}) => certificateFailures >= 3), JSON.stringify(failed));
		const {client} = await secretsOf(place);
		t.is(certificatesIn(client!.texts['ca.crt']!).length, 2, 'the old CA is still there to go back to');
	} finally {
		over.abort();
		await kubectl.close();
	}
});
