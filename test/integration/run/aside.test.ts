import {once} from 'node:events';
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';

const source = path.resolve(import.meta.dirname, '../../../src/run');

/** A folder that takes the place of the system's for temporary files. */
const temporaryFolder = (t: ExecutionContext): string => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	return folder;
};

const opening = `
	import {writeFileSync} from 'node:fs';
	import {openAside} from '${source}/aside.ts';
	import {endOnSignals} from '${source}/interrupt.ts';
	import {runLine} from '${source}/line.ts';
	endOnSignals();
	const {folder} = openAside('rehearsal');
	writeFileSync(folder + '/ca-key.pem', 'a key');
`;

/** Runs a program that opens a temporary folder, and signals it when it has said that it is ready. */
const end = async (t: ExecutionContext, script: string, signal: NodeJS.Signals): Promise<{exitCode: number; temporary: string; said: string}> => {
	const temporary = temporaryFolder(t);
	const child = execa(process.execPath, ['--input-type=module', '--eval', opening + script], {
		reject: false, env: {TMPDIR: temporary}, forceKillAfterDelay: false,
	});
	await once(child.stdout, 'data');
	t.is(readdirSync(temporary).filter(name => name.includes('-rehearsal-')).length, 1, 'it is there');
	child.kill(signal);
	const {exitCode = -1, stderr} = await child;
	return {exitCode, temporary, said: stderr};
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	test(`a temporary folder is gone after ${signal}, and the exit status is that of an interrupt`, async t => {
		const {exitCode, temporary, said} = await end(t, 'console.log(\'ready\'); setInterval(() => {}, 1000);', signal);
		t.is(exitCode, 130, `it said: ${said}`);
		t.deepEqual(readdirSync(temporary), []);
	});
}

/** Runs this line of a plan in the temporary folder, and ends the program while it runs. */
const endWhile = async (t: ExecutionContext, line: string): Promise<{exitCode: number; temporary: string; said: string}> => end(t, `
	setTimeout(() => console.log('ready'), 500);
	await runLine(${JSON.stringify(line)}, {cwd: folder, env: {}, timeout: 60_000, redact: String});
`, 'SIGTERM');

test('a line that is writing keys to it leaves none', async t => {
	const {exitCode, temporary, said} = await endWhile(t, 'while :; do echo key > "key-$RANDOM.pem"; done');
	t.is(exitCode, 130, `it said: ${said}`);
	t.deepEqual(readdirSync(temporary), []);
});

test('a line that is running ends with the program', async t => {
	const {temporary} = await endWhile(t, 'echo $$ > "$TMPDIR/pid"; sleep 60');
	const pid = readFileSync(path.join(temporary, 'pid'), 'utf8').trim();
	// One that has ended may wait for its parent to ask for its status.
	const {stdout} = await execa('ps', ['-o', 'stat=', '-p', pid], {reject: false});
	t.regex(stdout, /^(?:Z.*)?$/v);
});

test('it is its owner\'s alone, and gone when it is closed', async t => {
	const temporary = temporaryFolder(t);
	const script = `
		import {statSync} from 'node:fs';
		import {openAside} from '${source}/aside.ts';
		const {folder, close} = openAside('rehearsal');
		console.log((statSync(folder).mode % 0o1000).toString(8));
		close();
		console.log(folder);
	`;
	const {stdout} = await execa(process.execPath, ['--input-type=module', '--eval', script], {env: {TMPDIR: temporary}});
	const [mode, folder] = stdout.split('\n', 2);
	t.is(mode, '700');
	t.false(existsSync(folder!));
});
