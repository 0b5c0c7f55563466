import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {execa} from 'execa';
import {exitStatus} from '../../src/run/errors.ts';
import {
	calls,
	commandLines,
	fences,
	readme,
} from '../helpers/readme.ts';

const root = path.join(import.meta.dirname, '../..');
const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {scripts: Record<string, string>};

const optionsIn = (text: string): string[] => text.match(/(?<![\w\-])--[a-z]+(?:-[a-z]+)*/gv) ?? [];

/** The options that a command's own help names. */
const helpOf = async (name: string, ...verb: string[]): Promise<Set<string>> => {
	const {stdout} = await execa(process.execPath, [`scripts/${name}.ts`, ...verb, '--help'], {cwd: root, stdin: 'ignore'});
	// Those at the beginning of a line: descriptions name others.
	return new Set(stdout.matchAll(/^ {2}(?:-\w, )?(?<option>--[\-a-z]+)/gmv).map(({groups}) => groups!.option!));
};

const [up, down] = await Promise.all(['up', 'down'].map(async verb => helpOf('sandbox', verb)));
const known = new Map<string, Set<string>>(await Promise.all(['rotate', 'rollback', 'issue', 'runbook', 'status', 'verify'].map(async name => [name, await helpOf(name)] as const)));
known.set('sandbox', up!.union(down!));

test('every npm script that the README calls is one of package.json', t => {
	const called = new Set(calls().map(({name}) => name));
	t.true(called.has('rotate') && called.has('sandbox'));
	t.deepEqual([...called].filter(name => !Object.keys(scripts).includes(name)), []);
});

test('every make target that the README calls is one of the Makefile', t => {
	const makefile = readFileSync(path.join(root, 'Makefile'), 'utf8');
	const called = readme.matchAll(/(?:^|`)make (?<target>[a-z]+(?:-[a-z]+)*)/gmv).map(({groups}) => groups!.target!).toArray();
	t.true(called.includes('demo'));
	t.deepEqual(called.filter(target => !new RegExp(String.raw`^(?:\$\(tidb-cert-rotate\.prefix\))?${target}:.* ## `, 'mv').test(makefile)), []);
});

test('every option of a call in the README is one that the command knows', t => {
	const wrong = calls().flatMap(({name, rest}) => optionsIn(rest).filter(option => known.get(name)?.has(option) === false).map(option => `${name} ${option}`));
	t.deepEqual(wrong, []);
});

test('every option that the README names is one of some command, or of a program that it names', t => {
	const all = new Set(known.values().flatMap(options => options.values()));
	t.deepEqual(optionsIn(readme).filter(option => !all.has(option) && option !== '--help' && !readme.includes(`kubectl apply ${option}`)), []);
});

test('every option of every command\'s help is in the README', t => {
	const named = new Set(optionsIn(readme));
	const missing = known.entries().flatMap(([name, options]) => [...options].filter(option => option !== '--help' && !named.has(option)).map(option => `${name} ${option}`)).toArray();
	t.deepEqual(missing, []);
});

test('the runbooks that the README shows are printed, without a cluster', async t => {
	const lines = commandLines().filter(line => line.startsWith('npm run -s runbook -- '));
	t.true(lines.length > 0);
	for (const line of lines) {
		const {options} = /^npm run -s runbook -- (?<options>[^>]*)> [a-z]+\.sh$/v.exec(line)!.groups!;
		const {stdout} = await execa(process.execPath, ['scripts/runbook.ts', ...options!.trim().split(/\s+/v)], {cwd: root, env: {KUBECONFIG: '/dev/null'}, stdin: 'ignore'});
		t.true(stdout.startsWith('#!/usr/bin/env bash\n'), line);
	}
});

test('the README has a line for every exit status, and for no other', t => {
	const [, table] = readme.split('## Exit statuses\n', 2);
	const listed = table!.split('\n## ', 1)[0]!.matchAll(/^\| (?<status>\d+) \|/gmv).map(({groups}) => Number(groups!.status)).toArray();
	t.deepEqual(listed, Object.values(exitStatus));
});

test('the README\'s examples for Makefiles are Makefiles', async t => {
	for (const text of fences('make')) {
		// The tool is here, not in vendor/.
		const input = text.replaceAll('vendor/tidb-cert-rotate', '.');
		const {stdout} = await execa('make', ['--no-print-directory', '-n', '-f', '-'], {cwd: root, input, env: {MAKEFLAGS: undefined, CLUSTER: undefined, ARGS: undefined}});
		t.regex(stdout, /run rotate -- --cluster 'prod' --yes/v);
	}
});
