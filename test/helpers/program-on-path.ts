import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';

/**
Puts a small program of the given name first on a PATH, for one test.
@returns the environment in which it is found. `script` is JavaScript; `process.argv` has the arguments from index 2 on.
*/
export const programOnPath = (t: ExecutionContext, name: string, script: string): {PATH: string} => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	writeFileSync(path.join(folder, `${name}.ts`), script);
	writeFileSync(path.join(folder, name), `#!/bin/sh\nexec '${process.execPath}' '${path.join(folder, `${name}.ts`)}' "$@"\n`, {mode: 0o700});
	return {PATH: `${folder}${path.delimiter}${process.env.PATH}`};
};
