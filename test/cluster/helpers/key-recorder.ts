import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Place} from './place.ts';

/**
Stands before cfssl on PATH and runs the real one. What it makes is kept, so that the test knows also the keys that are thrown away: of
rehearsals, of canaries and controls, of runs that fail. Where its working folder or arguments match FAIL_WHERE, it fails the worst way:
with all that it made, the key included, on its standard error.
*/
const wrapper = `#!/usr/bin/env bash
kept=$(mktemp "$KEPT_KEYS/XXXXXXXXXX")
"$REAL_CFSSL" "$@" > "$kept"
status=$?
cat "$kept"
if [ -n "\${FAIL_WHERE:-}" ] && [[ $1 = gencert && "$PWD $*" = *$FAIL_WHERE* ]]; then
	cat "$kept" >&2
	exit 1
fi
exit "$status"
`;

/** A cfssl whose keys are known. */
export type KeyRecorder = {
	/** Variables that put it before the real one. */
	env: Record<string, string>;
	/** The private keys that were made until now, PEM. */
	keys: () => Promise<string[]>;
	/** Removes it and the keys. */
	close: () => Promise<void>;
};

const keyIn = (text: string): string | undefined => {
	try {
		const {key} = JSON.parse(text) as {key?: string};
		return key === '' ? undefined : key;
	} catch {
		// What it printed is its version, or nothing.
		return undefined;
	}
};

/** Makes a recorder; its files are outside of all folders that are searched. */
export const recordKeys = async ({programs, env}: Place): Promise<KeyRecorder> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'keys-test-'));
	const [bin, kept] = [path.join(folder, 'bin'), path.join(folder, 'kept')];
	await Promise.all([bin, kept].map(async one => mkdir(one)));
	await writeFile(path.join(bin, 'cfssl'), wrapper, {mode: 0o755});
	return {
		env: {PATH: `${bin}${path.delimiter}${env.PATH}`, REAL_CFSSL: programs.cfssl, KEPT_KEYS: kept},
		async keys() {
			const names = await readdir(kept);
			const texts = await Promise.all(names.map(async name => readFile(path.join(kept, name), 'utf8')));
			return texts.map(text => keyIn(text)).filter(key => key !== undefined);
		},
		close: async () => rm(folder, {recursive: true}),
	};
};
