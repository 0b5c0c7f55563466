import {setTimeout as sleep} from 'node:timers/promises';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {verifiedSchema, type VerifiedData} from '../../../src/report/verify-schema.ts';
import {everywhere, settle} from '../helpers/mutation.ts';
import {mutations} from '../helpers/mutations.ts';
import {
	call,
	startPlace,
	stopPlace,
	type Ended,
	type Place,
} from '../helpers/place.ts';
import {makeControl, type ClientPair} from '../helpers/shake.ts';
import {snapshot} from '../helpers/snapshot.ts';

type Context = {place: Place; stranger: ClientPair};
const test = anyTest as TestFn<Context>;
const name = 'mutations-test';
const basic = ['--cluster', 'basic'];

test.before(async t => {
	t.timeout(300_000);
	const place = await startPlace(name, ['--profile', 'light', '--pd', '2', '--tikv', '1', '--tidb', '1', '--kubelet-delay', '100ms']);
	t.context = {place, stranger: await makeControl()};
});

test.after.always(async () => {
	await stopPlace(name);
});

const found = ({stdout}: Ended): VerifiedData => verifiedSchema.parse(JSON.parse(stdout));

const json = async (place: Place, ...args: string[]): Promise<Ended> => call('verify', place, [...basic, '--output', 'json', ...args]);

/** Nothing is wrong, and every proof that can be had was had. */
const isWell = async (t: ExecutionContext<Context>, ...args: string[]): Promise<VerifiedData> => {
	const ended = await json(t.context.place, ...args);
	t.is(ended.status, 0, `${ended.stdout}\n${ended.stderr}`);
	const data = found(ended);
	t.deepEqual(data.findings, []);
	const missing = data.ports.flatMap(({pod, port, proofs}) => Object.entries(proofs).filter(([, {result}]) => result === 'unknown' || result === 'no').map(([proof]) => `${pod} ${port} ${proof}`));
	t.deepEqual(missing, []);
	return data;
};

test.serial('a new cluster has no findings, and verify changes nothing', async t => {
	const {place} = t.context;
	const {files: {[`${place.cluster}/journal.ndjson`]: journal, ...files}, ...before} = await snapshot(place);
	const data = await isWell(t);
	t.is(data.ports.length, 8);
	const {files: {[`${place.cluster}/journal.ndjson`]: longer, ...after}, ...rest} = await snapshot(place);
	t.deepEqual({...rest, files: after}, {...before, files});
	t.not(longer, journal, 'the tries are noted');
});

test.serial('a second look does not take the first one\'s tries in the logs for failures', async t => {
	await sleep(1500);
	const {notes} = await isWell(t);
	t.regex(notes.join('\n'), /lines there were left by the tool's own tries/v);
});

test.serial('a cluster that was rotated has no findings', async t => {
	t.timeout(300_000);
	const rotated = await call('rotate', t.context.place, [...basic, '--yes']);
	t.is(rotated.status, 0, rotated.stderr);
	await everywhere(t.context.place);
	await isWell(t);
});

for (const {title, plant, codes, words, since = '1s'} of mutations) {
	test.serial(`found: ${title}`, async t => {
		const {place, stranger} = t.context;
		const undo = await plant(place);
		try {
			const ended = await json(place, '--since', since);
			t.is(ended.status, 3, `${ended.stdout}\n${ended.stderr}`);
			const {findings} = found(ended);
			const said = findings.map(({what, fix}) => `${what}\n→ ${fix}`).join('\n');
			for (const word of words) {
				t.regex(said, word);
			}

			// A defect may also leave lines in logs, or not yet.
			const others = new Set(findings.map(({code}) => code).filter(code => code !== 'log-errors' || codes.includes(code)));
			t.deepEqual([...others].toSorted(), codes.toSorted(), said);
		} finally {
			await undo();
			await settle(place, stranger);
		}
	});
}

test.serial('at the end there are no findings again', async t => {
	await sleep(3000);
	await isWell(t, '--since', '2s');
});
