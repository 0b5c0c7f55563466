import {existsSync} from 'node:fs';
import {
	mkdir,
	mkdtemp,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {quote} from 'shlex';
import which from 'which';
import type {Place} from './place.ts';
import {until} from './until.ts';

/** A kubectl that stops at one of its calls, until it is let go. */
export type HeldKubectl = {
	/** Variables that put it before the real one. */
	env: Record<string, string>;
	/** Resolves when the call has come. */
	reached: () => Promise<void>;
	/** Lets it go on; later calls are not held. */
	letGo: () => Promise<void>;
	close: () => Promise<void>;
};

/** Makes a kubectl that is held at the first call whose arguments, joined by spaces, are like this pattern of bash. */
export const holdKubectl = async ({env}: Place, pattern: string): Promise<HeldKubectl> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'hold-'));
	const [bin, reached, free] = ['bin', 'reached', 'free'].map(name => path.join(folder, name)) as [string, string, string];
	await mkdir(bin);
	await writeFile(path.join(bin, 'kubectl'), `#!/usr/bin/env bash
case "$*" in ${pattern})
	if mkdir ${quote(reached)} 2> /dev/null; then
		while [ -d ${quote(folder)} ] && ! [ -e ${quote(free)} ]; do sleep 0.1; done
	fi;;
esac
exec ${quote(await which('kubectl', {path: env.PATH!}))} "$@"
`, {mode: 0o755});
	return {
		env: {PATH: `${bin}${path.delimiter}${env.PATH}`},
		async reached() {
			await until(`kubectl ${pattern}`, async () => existsSync(reached), 120_000);
		},
		letGo: async () => writeFile(free, ''),
		close: async () => rm(folder, {recursive: true, force: true}),
	};
};
