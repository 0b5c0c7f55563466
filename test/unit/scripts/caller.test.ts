import {mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {callerFolder} from '../../../scripts/caller.ts';

const root = path.join(import.meta.dirname, '../../..');
const byNpm = {INIT_CWD: '/home/me', npm_package_json: path.join(root, 'package.json')};

test('under npm, relative paths are meant from where npm was called', t => {
	t.is(callerFolder(byNpm, root), '/home/me');
});

test('also where npm was told the package by another name of its folder', t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	symlinkSync(root, path.join(folder, 'tool'));
	t.is(callerFolder({...byNpm, npm_package_json: path.join(folder, 'tool/package.json')}, root), '/home/me');
});

test('without npm they are meant from the working directory', t => {
	t.is(callerFolder({}, root), undefined);
	t.is(callerFolder({}, '/home/me'), undefined);
});

test('what npm said to another package\'s script says nothing to us', t => {
	t.is(callerFolder({...byNpm, npm_package_json: '/tmp/package.json'}, root), undefined);
	t.is(callerFolder(byNpm, '/home/me/project'), undefined);
});
