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

/** A kubectl that does something else first, or instead. */
export type WrappedKubectl = {
	/** Variables that put it before the real one. */
	env: Record<string, string>;
	/** A folder of its own, `$folder` in its text. */
	folder: string;
	close: () => Promise<void>;
};

/** Makes one: `body` is bash; `$real` is the real one, which is run with the same arguments where the body does not exit. */
export const wrapKubectl = async ({env}: Place, body: string): Promise<WrappedKubectl> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'kubectl-'));
	const bin = path.join(folder, 'bin');
	await mkdir(bin);
	const real = await which('kubectl', {path: env.PATH!});
	await writeFile(path.join(bin, 'kubectl'), `#!/usr/bin/env bash\nfolder=${quote(folder)} real=${quote(real)}\n${body}\nexec "$real" "$@"\n`, {mode: 0o755});
	return {
		env: {PATH: `${bin}${path.delimiter}${env.PATH}`},
		folder,
		close: async () => rm(folder, {recursive: true, force: true}),
	};
};
