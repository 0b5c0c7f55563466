import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {components} from '../../src/cluster/components.ts';
import type {ComponentName} from '../../src/cluster/types.ts';
import type {Generation} from './simulate.ts';

/** A cfssl that says nothing, and a cfssljson that takes its files from $MADE. */
const cfssl = '[ "$FAIL" != cfssl ] || { echo "no such profile" >&2; exit 1; }';
const cfssljson = 'cp "$MADE/$2.pem" "$MADE/$2-key.pem" .';

/** `create` gives the digests of the certificates and the key's body, as one line; `apply --dry-run=server` repeats what it is given. */
const kubectl = `
case "$1 $2" in
'create secret')
	# A real one is slow too: whoever does not wait goes on meanwhile.
	sleep 0.2
	printf '%s' "$4"
	for option; do
		case "$option" in --from-file=*)
			file="\${option#--from-file=*=}"
			case "$option" in
			*-key.pem) printf ' key %s' "$(grep -v -e - "$file" | tr -d '\\n')";;
			*) printf ' %s' "$(openssl dgst -sha256 -r < "$file" | cut -c1-64)";;
			esac
		esac
	done
	echo;;
'apply --dry-run=server')
	read -r line
	case "$line" in "$REFUSE"*) [ -z "$REFUSE" ] || { echo "denied: $line" >&2; exit 1; };; esac
	echo "$line";;
*) exit 64;;
esac
`;

/** The files of a cluster folder that hold a generation's certificates and keys, by name. */
export const filesOf = ({ca, leaves}: Generation): Record<string, string> => Object.fromEntries([
	['ca', ca] as const,
	...Object.entries(leaves).map(([component, leaf]) => [components[component as ComponentName].file, leaf] as const),
].flatMap(([file, {cert, key}]) => [[`${file}.pem`, cert], [`${file}-key.pem`, key]]));

/** A temporary folder of a test with these files. */
export const folderWith = (t: ExecutionContext, files: Record<string, string>): string => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tidb-cert-rotate-test-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	for (const [file, text] of Object.entries(files)) {
		writeFileSync(path.join(folder, file), text, {mode: 0o600});
	}

	return folder;
};

export type Trouble = {
	/** The program that fails. */
	fail?: 'cfssl';
	/** The Secret that the API server refuses. */
	refuse?: string;
};

/**
Puts a cfssl, a cfssljson and a kubectl of ours first on PATH, which make these certificates and know no cluster.
@returns the environment in which they are found.
*/
export const fakePrograms = (t: ExecutionContext, made: Generation, {fail, refuse = ''}: Trouble = {}): Record<string, string> => {
	const folder = folderWith(t, {});
	const programs = path.join(folder, 'bin');
	mkdirSync(programs);
	for (const [name, script] of Object.entries({cfssl, cfssljson, kubectl})) {
		writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`);
		chmodSync(path.join(programs, name), 0o700);
	}

	return {
		PATH: `${programs}${path.delimiter}${process.env.PATH}`, MADE: folderWith(t, filesOf(made)), REFUSE: refuse, FAIL: fail ?? '',
	};
};
