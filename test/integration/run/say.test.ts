import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {execa} from 'execa';

const source = path.resolve(import.meta.dirname, '../../../src/run');

/** Runs a program that says something and prints a product, with its stdout where `redirection` puts it. */
const printing = async (product: string, redirection = '') => {
	const script = `
		import {print, say} from '${source}/say.ts';
		say('progress');
		try {
			await print(${product});
		} catch (error) {
			say(error.name + ' ' + error.status + ' ' + error.message);
		}
	`;
	return execa('bash', ['-c', `set -o pipefail; "$0" --input-type=module --eval "$1" ${redirection}`, process.execPath, script], {reject: false});
};

test('the product is on stdout, progress on stderr', async t => {
	const {stdout, stderr} = await printing('\'product\'');
	t.is(stdout, 'product');
	t.is(stderr, 'progress');
});

test('a reader that has seen enough is no failure', async t => {
	const {stdout, stderr, exitCode} = await printing('\'product\'.repeat(100_000)', '| head -c 7');
	t.is(stdout, 'product');
	t.is(stderr, 'progress');
	t.is(exitCode, 0);
});

(existsSync('/dev/full') ? test : test.skip)('what cannot be written is a failure in words', async t => {
	const {stderr} = await printing('\'product\'', '> /dev/full');
	t.is(stderr, 'progress\nStopped 1 writing to stdout: ENOSPC: no space left on device, write');
});
