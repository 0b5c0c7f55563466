import {
	appendFile,
	copyFile,
	cp,
	mkdir,
	readdir,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {Place} from './place.ts';
import {makeControl} from './shake.ts';

/** The folder as it was kept before retire. */
const keptFolder = ({state}: Place): string => path.join(state, 'before-retire');

/** Keeps a copy of the cluster folder for later. */
export const keepFolder = async (place: Place): Promise<void> => {
	await cp(place.folder, keptFolder(place), {recursive: true});
};

const backUpTo = async (copy: string, name: string): Promise<void> => {
	const backup = path.join(copy, 'backups', name);
	await mkdir(backup, {recursive: true});
	const files = await readdir(copy, {withFileTypes: true});
	await Promise.all(files.filter(file => file.isFile()).map(async file => copyFile(path.join(copy, file.name), path.join(backup, file.name))));
};

/** A pair of a CA that nobody knows, in place of the component's. */
const foreign = async (copy: string, file: string): Promise<void> => {
	const {cert, key} = await makeControl();
	await writeFile(path.join(copy, `${file}.pem`), cert);
	await writeFile(path.join(copy, `${file}-key.pem`), key);
};

/** What may be different in a copy of the cluster folder. */
const changes = {
	'half a backup': async copy => backUpTo(copy, '20261124T000000Z.part'),
	'a backup': async copy => backUpTo(copy, '20261124T000000Z'),
	'the key of another component': async copy => copyFile(path.join(copy, 'tikv-server-key.pem'), path.join(copy, 'pd-server-key.pem')),
	'the leaf of another component': async copy => copyFile(path.join(copy, 'pd-server.pem'), path.join(copy, 'tikv-server.pem')),
	'no leaf': async copy => rm(path.join(copy, 'pd-server.pem')),
	'no key': async copy => rm(path.join(copy, 'pd-server-key.pem')),
	async 'a leaf of another CA'(copy) {
		await foreign(copy, 'tikv-server');
		await foreign(copy, 'tidb-server');
	},
	async 'a new CA'(copy) {
		await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=new', '-days', '1', '-keyout', 'ca-key.new.pem', '-out', 'ca.new.pem'], {cwd: copy});
	},
	async 'the CA made anew'(copy, {env}) {
		await execa('bash', ['-o', 'pipefail', '-c', 'cfssl gencert -renewca -ca ca.pem -ca-key ca-key.pem | cfssljson -bare ca'], {cwd: copy, env});
	},
	async 'a new CA in its place'(copy, {env}) {
		await execa('bash', ['-o', 'pipefail', '-c', 'cfssl gencert -initca ca-csr.json | cfssljson -bare ca -'], {cwd: copy, env, buffer: {stdout: false}});
	},
	'a client of another CA': async copy => foreign(copy, 'client'),
	'an empty line in ca.pem': async copy => appendFile(path.join(copy, 'ca.pem'), '\n'),
	async 'the files before retire'(copy, place) {
		await rm(copy, {recursive: true});
		await cp(keptFolder(place), copy, {recursive: true});
	},
} satisfies Record<string, (copy: string, place: Place) => Promise<void>>;

export type FolderChange = keyof typeof changes;

/** Makes a changed copy of the cluster folder, in place of the one before. */
export const changedFolder = async (place: Place, change: FolderChange): Promise<string> => {
	const copy = path.join(place.state, 'changed');
	await rm(copy, {recursive: true, force: true});
	await cp(place.folder, copy, {recursive: true});
	await changes[change](copy, place);
	return copy;
};
