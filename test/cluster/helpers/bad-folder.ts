import {
	copyFile,
	cp,
	mkdtemp,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import {writeClusterFile} from '../../../src/cluster/cluster-file.ts';
import {
	changedFile,
	usual,
	type Arranged,
	type BadCase,
} from './bad-case.ts';
import type {Place} from './place.ts';

const replaced = (file: string, from: string | RegExp, to: string) => changedFile(file, text => text.replace(from, () => to));

/** Another key than the leaf's, of the same kind. */
const otherKey = async (): Promise<string> => {
	const {stdout} = await execa('openssl', ['genrsa', '-traditional', '2048']);
	return `${stdout}\n`;
};

/** The folder as it is, but with a memory of another TidbCluster of the same name. */
const foreign = async ({folder, namespace}: Place): Promise<Arranged> => {
	const file = path.join(folder, 'cluster.yaml');
	await writeClusterFile(folder, {namespace, uid: '0dd3ed15-0000-4000-8000-000000000000'});
	return {undo: async () => rm(file)};
};

/** A leaf of the right CA that was never written to the Secret: a folder from before, or of another cluster. */
const stale = async (place: Place): Promise<Arranged> => {
	const {folder, programs} = place;
	const aside = await mkdtemp(path.join(place.state, 'aside-'));
	await Promise.all(['pd-server.pem', 'pd-server-key.pem', 'pd-server.csr'].map(async file => copyFile(path.join(folder, file), path.join(aside, file))));
	const options = {cwd: folder, buffer: {stdout: false}} as const;
	await execa(programs.cfssl, ['gencert', '-ca=ca.pem', '-ca-key=ca-key.pem', '-config=ca-config.json', '-profile=internal', 'pd-server.json'], options)
		.pipe(programs.cfssljson, ['-bare', 'pd-server'], options);
	return {
		async undo() {
			await cp(aside, folder, {recursive: true, force: true});
			await rm(aside, {recursive: true});
		},
	};
};

const withOtherKey = (file: string) => async (place: Place): Promise<Arranged> => {
	const key = await otherKey();
	return changedFile(file, () => key)(place);
};

const moved = (file: string) => async ({folder}: Place): Promise<Arranged> => {
	const [from, to] = [path.join(folder, file), path.join(folder, `${file}.aside`)];
	await rename(from, to);
	return {undo: async () => rename(to, from)};
};

/** Mounts a folder read-only in a mount namespace of the command's own: nothing is left mounted, whatever happens. */
const mounted = (folder: string): string[] => ['unshare', '--mount', 'bash', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', folder];

/** Why there can be no read-only mount here; undefined where there can. */
const unmountable = async (): Promise<string | undefined> => {
	const [file, ...args] = mounted(import.meta.dirname);
	const {failed, stderr, shortMessage} = await execa(file!, [...args, 'true'], {reject: false});
	return failed ? `user ${process.getuid?.()} may not mount: ${stderr === '' ? shortMessage : stderr}` : undefined;
};

/** A folder that is not there may be made only when the cluster is rotated. */
const elsewhere = async ({state}: Place): Promise<Arranged> => {
	const file = path.join(state, 'no-folder');
	await writeFile(file, '');
	return {args: ['--dir', path.join(file, 'basic')], undo: async () => rm(file)};
};

const refused = (title: string, arrange: BadCase['arrange'], ...words: RegExp[]): BadCase => ({
	title, arrange: arrange!, status: 3, words,
});

/** What is wrong with the cluster folder. */
export const badFolder: BadCase[] = [
	refused('the folder of another cluster', foreign, /cluster\.yaml/v, /0dd3ed15/v),
	refused('a folder with a leaf that is not the Secret\'s', stale, /pd-server\.pem/v),
	refused('a key in the folder that does not fit its certificate', withOtherKey('tikv-server-key.pem'), /tikv-server-key\.pem/v),
	refused('a CA key that does not fit ca.pem', withOtherKey('ca-key.pem'), /ca-key\.pem/v),
	refused('a ca-csr.json that is no JSON', replaced('ca-csr.json', '"CN"', 'CN'), /ca-csr\.json/v),
	refused('a ca-csr.json with a key that cfssl does not make', replaced('ca-csr.json', '2048', '1024'), /ca-csr\.json/v, /1024/v),
	refused('a misspelt expiry of the CA', replaced('ca-csr.json', '"expiry"', '"expirey"'), /ca-csr\.json/v, /expirey|"expiry"/v),
	refused('an unknown profile', replaced('ca-config.json', '"internal"', '"intern"'), /ca-config\.json/v, /no profile "internal"/v, /"intern"/v),
	refused('a misspelt expiry of a profile', replaced('ca-config.json', /"expiry"(?=[^\}]*usages)/v, '"expirey"'), /ca-config\.json/v, /internal/v, /"expiry"/v),
	refused('an expiry in days', replaced('ca-config.json', /"8760h"(?=[^\}]*usages)/v, '"365d"'), /ca-config\.json/v, /365d/v),
	refused('a request that lacks a name of the live certificate', replaced('tikv-server.json', /\s"::1",/v, ''), /tikv-server\.json/v, /::1/v, /--merge-sans/v),
	refused('a request with another CN', replaced('tidb-server.json', '"CN": "TiDB"', '"CN": "tidb"'), /tidb-server\.json/v, /CN/v),
	refused('a ca.pem that does not end in a line break', changedFile('ca.pem', text => text.trimEnd()), /ca\.pem/v),
	{...refused('a folder on a read-only mount', async ({folder}) => ({by: mounted(folder)}), /read-only/v), skip: await unmountable()},
	refused('a folder that cannot be made', elsewhere, /no-folder/v),
	{...refused('--keep-ca without the CA\'s key', moved('ca-key.pem'), /--keep-ca/v, /ca-key\.pem/v), args: [...usual, '--keep-ca']},
];
