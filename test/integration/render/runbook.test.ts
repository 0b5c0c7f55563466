import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import which from 'which';
import {headings} from '../../../src/render/runbook/headings.ts';
import {additions, issuanceAdditions, reloadAdditions} from '../../../src/render/runbook/additions.ts';
import {goldenFile, goldenNames, printed} from '../../golden/cases.ts';
import {hasSeed, issuanceSeed, seedCommands} from '../../helpers/seed.ts';
import {programsIn} from '../../helpers/shell-commands.ts';

const ofTheDocuments = hasSeed ? test : test.skip;
const shellcheck = await which('shellcheck', {nothrow: true});
const withShellcheck = shellcheck === null ? test.skip : test;

for (const name of goldenNames) {
	test(`${name}: the runbook is the golden one (npm run golden writes them anew)`, async t => {
		t.is(printed(name), await readFile(goldenFile(name), 'utf8'));
	});

	test(`${name}: bash reads the runbook without complaint`, async t => {
		const {stderr, exitCode} = await execa('bash', ['-n', goldenFile(name)], {reject: false});
		t.is(`${stderr}${exitCode}`, '0');
	});
}

// The plain one is that of the strange folder, but for the folder's name.
const checked = goldenNames.filter(name => name !== 'plain');
for (const name of checked) {
	withShellcheck(`${name}: shellcheck finds nothing (needs shellcheck on PATH)`, async t => {
		const {stdout} = await execa(shellcheck!, ['--severity=style', '--shell=bash', goldenFile(name)], {reject: false});
		t.is(stdout, '');
	});
}

test('there is no golden runbook that nobody prints', async t => {
	const files = await readdir(path.dirname(goldenFile('plain')));
	t.deepEqual(files.filter(file => file.endsWith('.sh')).toSorted(), goldenNames.map(name => `${name}.sh`).toSorted());
});

ofTheDocuments('every command of the documents\' cfssl section is in the runbook, filled in and in their order (needs ../shared)', t => {
	const script = printed('retire-old-ca');
	const commands = seedCommands('basic', 'tidb');
	t.is(commands.length, 19);
	let from = 0;
	for (const command of commands) {
		const at = script.indexOf(`\n${command}\n`, from);
		t.not(at, -1, command);
		from = at;
	}
});

ofTheDocuments('every command of the documents\' cert-manager section is in the runbook as documented, filled in and in their order (needs ../shared)', t => {
	const {commands} = issuanceSeed('basic', 'tidb');
	// eslint-disable-next-line no-template-curly-in-string -- the documents' variable is the shell's
	t.deepEqual(commands.slice(4), ['kubectl delete -n tidb pod ${pod_name}']);
	const script = printed('cert-manager-as-documented');
	let from = script.indexOf('\nkubectl delete secret basic-ca-secret --namespace=tidb\n');
	t.not(from, -1);
	for (const command of commands) {
		const at = script.indexOf(`\n${command}\n`, from);
		t.not(at, -1, command);
		from = at;
	}
});

ofTheDocuments('as documented, leaves alone are renewed by deleting the Secrets that the documents name (needs ../shared)', t => {
	const script = printed('cert-manager-keep-ca-as-documented');
	const {secrets} = issuanceSeed('basic', 'tidb');
	t.is(secrets.length, 4);
	t.deepEqual(Array.from(script.matchAll(/^kubectl delete (?<what>.*)$/gmv), ({groups}) => groups!.what), secrets.map(name => `secret ${name} --namespace=tidb`));
});

ofTheDocuments('the runbook changes nothing by a line that is neither the documents\' nor in the table of additions (needs ../shared)', t => {
	const documents = programsIn(seedCommands('basic', 'tidb').join('\n'));
	for (const name of goldenNames) {
		const listed = new Set([...additions, ...(name.startsWith('cert-manager') ? issuanceAdditions : []), ...(name === 'mysql-reload' ? reloadAdditions : [])].flatMap(({programs}) => programs));
		const strange = [...programsIn(printed(name))].filter(program => !listed.has(program) && !documents.has(program) && !documents.has(program.split(' ', 1)[0]!));
		t.deepEqual(strange, [], name);
	}
});

test('every addition that the table names is used by some runbook', t => {
	const used = new Set(goldenNames.flatMap(name => [...programsIn(printed(name))]));
	const unused = [...additions, ...issuanceAdditions, ...reloadAdditions].flatMap(({programs}) => programs).filter(program => [...used].every(other => other !== program));
	t.deepEqual(unused, []);
});

test('each phase stands under the documents\' own heading, with its address', t => {
	const script = printed('retire-old-ca');
	for (const {en, zh, link} of Object.values(headings)) {
		t.true(script.includes(`\n# ${en}\n# ${zh}\n# ${link}\n`), en);
	}
});

test('a part is the same text as in the whole', t => {
	const whole = printed('retire-old-ca');
	const part = printed('phase-retire');
	const from = part.indexOf('# 1. Write the new CA certificate alone');
	t.true(from > 0);
	t.true(whole.endsWith(part.slice(from)));
});

test('what sets the runbook apart from the documents is marked by no clock: it is the same bytes each time', t => {
	t.is(printed('plain'), printed('plain'));
	t.notRegex(printed('plain'), /\b20\d\d-\d\d-\d\d/v);
});
