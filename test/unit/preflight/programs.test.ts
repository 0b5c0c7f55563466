import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {Stopped} from '../../../src/run/errors.ts';
import {judgeCfssl} from '../../../src/run/judge-cfssl.ts';
import {findPrograms, programLines} from '../../../src/run/programs.ts';

test.serial('every missing program is in one error, with how to get it', async t => {
	const [empty, before] = [await mkdtemp(path.join(tmpdir(), 'empty-path-')), process.env.PATH];
	process.env.PATH = empty;
	t.teardown(async () => {
		process.env.PATH = before;
		await rm(empty, {recursive: true});
	});
	const error = await t.throwsAsync(findPrograms(), {instanceOf: Stopped});
	t.like(error, {status: 2, message: 'missing on PATH: bash, openssl, kubectl, cfssl, cfssljson'});
	t.is(error.hints.length, 5);
	t.regex(error.hints[3]!, /^cfssl: go install github\.com\/cloudflare\/cfssl\/cmd\/cfssl@v1\.6\.\d .*brew install cfssl/v);
});

test('a release of cfssl is judged by its number', async t => {
	t.is(await judgeCfssl('/nowhere/cfssl', '1.6.5'), '');
	t.is(await judgeCfssl('/nowhere/cfssl', 'v1.10.0'), '');
	t.is(await judgeCfssl('/nowhere/cfssl', '2.0.0'), '');
	t.regex(await judgeCfssl('/nowhere/cfssl', '1.2.0'), /^works, but hides some errors; 1\.6 or newer is recommended/v);
});

test('each program is one line: name, path, version and what to know of it', t => {
	t.deepEqual(programLines([
		{
			name: 'kubectl', file: '/usr/bin/kubectl', version: '1.37.2', remark: '',
		},
		{
			name: 'cfssl', file: '/opt/cfssl', version: '1.2.0', remark: 'old',
		},
	]), ['kubectl  /usr/bin/kubectl  1.37.2', 'cfssl    /opt/cfssl  1.2.0  (old)']);
});
