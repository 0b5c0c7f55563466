import process from 'node:process';
import test from 'ava';
import {
	onCommand,
	ProgramError,
	runProgram,
	startProgram,
} from '../../../src/run/program.ts';
import {makeKey} from '../../helpers/certificates.ts';

const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]];

const failure = async (run: Promise<unknown>): Promise<ProgramError> => {
	try {
		await run;
	} catch (error) {
		if (error instanceof ProgramError) {
			return error;
		}

		throw error;
	}

	throw new Error('it did not fail');
};

test('gives what the program printed, byte for byte', async t => {
	t.deepEqual(await runProgram(...node(String.raw`process.stdout.write("a\n\n"); process.stderr.write("b")`)), {stdout: 'a\n\n', stderr: 'b', exitCode: 0});
});

test('arguments are not touched by a shell', async t => {
	const {stdout} = await runProgram(process.execPath, ['-p', 'process.argv[1]', '$HOME `id` "']);
	t.is(stdout, '$HOME `id` "\n');
});

test('the program reads its input, and the environment is added to ours', async t => {
	const {stdout} = await runProgram(...node('process.stdin.pipe(process.stdout); process.stdout.write(process.env.ONE + (process.env.PATH ? "+" : "-"))'), {input: 'in', env: {ONE: '1'}});
	t.is(stdout, '1+in');
});

test('a failure says what we were doing, the command as one could paste it, and the program\'s words', async t => {
	const error = await failure(runProgram('bash', ['-c', 'echo "it is forbidden" >&2; exit 3'], {what: 'reading the Secrets'}));
	t.is(error.message, 'reading the Secrets: failed (status 3)\n  bash -c \'echo "it is forbidden" >&2; exit 3\'\n  it is forbidden');
	t.is(error.exitCode, 3);
});

test('neither output nor a key is in the error, however it is looked at', async t => {
	const key = makeKey();
	const error = await failure(runProgram('bash', ['-c', 'cat; cat >&2 <<< "$ONE"; exit 1'], {input: key, env: {ONE: key}}));
	const everything = [...Object.values(error) as unknown[], error.message, error.stack, error.cause].map(String).join('\n');
	t.false(everything.includes(key.split('\n', 2)[1]!.slice(0, 16)));
	t.true(error.message.includes('[redacted]'));
});

test('a program that does not end in time is ended and named, even if it is allowed to fail', async t => {
	const error = await failure(runProgram(...node('process.on("SIGTERM", () => process.exit(1)); setInterval(() => {}, 1000)'), {timeout: 700, allowFailure: true}));
	t.regex(error.message, /failed \(no answer within 0\.7 s\)/v);
});

test('a program whose own child holds its pipes is not waited for', async t => {
	const started = Date.now();
	const error = await failure(runProgram('bash', ['-c', 'sleep 15; echo'], {timeout: 300}));
	t.regex(error.message, /no answer within 0\.3 s/v);
	t.true(Date.now() - started < 8000);
});

test('a program that is not there is named', async t => {
	const error = await failure(runProgram('no-such-program', ['get']));
	t.is(error.message, 'running no-such-program: failed (no-such-program was not found)\n  no-such-program get');
	t.is(error.exitCode, 127);
});

test('a status can be asked for instead of an error', async t => {
	t.like(await runProgram('bash', ['-c', 'exit 4'], {allowFailure: true}), {exitCode: 4});
});

test('a started program is heard line by line, and ends when it is stopped', async t => {
	const lines: string[] = [];
	const {promise, resolve} = Promise.withResolvers<void>();
	const program = startProgram(...node(String.raw`console.log("one\ntwo"); setInterval(() => {}, 1000)`), {
		onLine(line) {
			lines.push(line);
			if (lines.length === 2) {
				resolve();
			}
		},
	});
	await promise;
	await program.stop();
	t.deepEqual(lines, ['one', 'two']);
	await program.stop();
});

test('a started program that nobody hears does not stand still', async t => {
	const program = startProgram(...node(String.raw`process.stdout.write("x".repeat(5e6) + "\n", () => process.exit(5))`));
	t.like(await program.ended, {exitCode: 5});
});

test('a started program\'s last words are kept, or why it did not start', async t => {
	t.like(await startProgram('bash', ['-c', 'echo gone >&2; exit 1']).ended, {stderr: 'gone', exitCode: 1});
	t.like(await startProgram('no-such-program', []).ended, {stderr: 'no-such-program was not found', exitCode: undefined});
});

test.serial('each command is told to who listens', async t => {
	const commands: string[] = [];
	onCommand(command => {
		commands.push(command);
	});
	await runProgram('bash', ['-c', 'true "$1"', 'a b']);
	onCommand(() => undefined);
	t.true(commands.includes('bash -c \'true "$1"\' \'a b\''));
});
