import {
	chmodSync,
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';

const root = path.join(import.meta.dirname, '../..');
const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {scripts: Record<string, string>};

/** Says where it was called and with which arguments, each on a line of its own. */
const npm = '#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n';

type Project = {
	folder: string;
	/** Our copy of the tool: its Makefile and what says that the packages are there. */
	tool: string;
	/** Runs make in the project's folder. */
	make: (...args: string[]) => Promise<{exitCode?: number; stdout: string; stderr: string}>;
};

/** Another project, with a space in its path, that has this tool in a folder `my tool`. `makefile` is its Makefile. */
const project = (t: ExecutionContext, makefile: string): Project => {
	const top = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(() => {
		rmSync(top, {recursive: true, force: true});
	});
	const folder = path.join(top, 'a project\'s');
	const tool = path.join(folder, 'my tool');
	mkdirSync(path.join(tool, 'node_modules'), {recursive: true});
	for (const file of ['Makefile', 'package.json', 'package-lock.json']) {
		copyFileSync(path.join(root, file), path.join(tool, file));
	}

	writeFileSync(path.join(tool, 'node_modules/.package-lock.json'), '');
	writeFileSync(path.join(folder, 'Makefile'), makefile);
	const bin = path.join(top, 'bin');
	mkdirSync(bin);
	writeFileSync(path.join(bin, 'npm'), npm);
	chmodSync(path.join(bin, 'npm'), 0o700);
	// Not what a make around these tests says.
	const env = {
		PATH: `${bin}:${process.env.PATH}`, MAKEFLAGS: undefined, MAKELEVEL: undefined, CLUSTER: undefined, NAMESPACE: undefined, ARGS: undefined,
	};
	return {folder, tool, make: async (...args) => execa('make', ['--no-print-directory', ...args], {cwd: folder, env, reject: false})};
};

const included = String.raw`include my\ tool/Makefile
`;

test('an including project keeps its default goal, its folder, its variables and its own targets', async t => {
	const {folder, make} = project(t, `RUN = mine\n${included}first:\n\t@echo '$(RUN) [$(CLUSTER)$(NAMESPACE)]' "$(CURDIR)"\nhelp:\n\t@echo my help\ntest:\n\t@echo my test\n`);
	const {stdout, stderr} = await make();
	t.is(stdout, `mine [] ${folder}`);
	t.is(stderr, '');
	const own = await make('help', 'test');
	t.is(own.stdout, 'my help\nmy test');
	t.is(own.stderr, '');
});

test('an including project\'s default goal from before the include stays', async t => {
	const {make} = project(t, `first:\n\t@echo first\n${included}`);
	const {stdout} = await make();
	t.is(stdout, 'first');
});

test('included, a command runs for the tool\'s folder from the project\'s, so that npm tells it where relative paths are meant from', async t => {
	const {folder, tool, make} = project(t, included);
	const {stdout} = await make('rotate', 'CLUSTER=prod', 'ARGS=--dir "my certs" --yes');
	t.deepEqual(stdout.split('\n'), [folder, '--silent', '--prefix', tool, 'run', 'rotate', '--', '--cluster', 'prod', '--dir', 'my certs', '--yes']);
});

test('a project that has a target `rotate` gives ours a prefix', async t => {
	const {make} = project(t, `TIDB_CERT_ROTATE_PREFIX := tidb-\n${included}rotate:\n\t@echo my own\n`);
	const own = await make('rotate');
	t.is(own.stdout, 'my own');
	t.is(own.stderr, '');
	const ours = await make('tidb-rotate');
	t.regex(ours.stdout, /\nrun\nrotate\n--\n--cluster\nbasic$/v);
});

test('by $(MAKE) -C, the cluster is basic unless the project names one', async t => {
	const {tool, make} = project(t, 'plain:\n\t@$(MAKE) -C "my tool" rotate\nnamed:\n\t@$(MAKE) -C "my tool" runbook CLUSTER=prod NAMESPACE=db ARGS="--keep-ca"\n');
	const plain = await make('plain');
	t.deepEqual(plain.stdout.split('\n'), [tool, '--silent', '--prefix', tool, 'run', 'rotate', '--', '--cluster', 'basic']);
	const named = await make('named');
	t.deepEqual(named.stdout.split('\n').slice(5), ['runbook', '--', '--cluster', 'prod', '--namespace', 'db', '--keep-ca']);
});

test('the packages are installed once, and again after package.json has changed', async t => {
	const {tool, make} = project(t, included);
	rmSync(path.join(tool, 'node_modules/.package-lock.json'));
	mkdirSync(path.join(tool, 'node_modules'), {recursive: true});
	const first = await make('rotate');
	t.regex(first.stderr, /^install$/mv);
	const second = await make('rotate');
	t.notRegex(second.stderr, /^install$/mv);
	t.regex(second.stdout, /^rotate$/mv);
});

test('make help is the default goal of the tool\'s own folder, and lists every script of package.json', async t => {
	const {tool, make} = project(t, '');
	const {stdout} = await make('-C', tool);
	const listed = stdout.split('\n').map(line => line.split(' ', 1)[0]!);
	t.deepEqual(Object.keys(scripts).map(name => name.replace(':', '-')).filter(name => !listed.includes(name)), []);
	t.true(listed.every(name => /^[a-z]+(?:-[a-z]+)*$/v.test(name)));
});
