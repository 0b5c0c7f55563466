import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {verifies} from '../certificates/verify.ts';
import {type KeyPair, makeThrowaway} from '../observe/throwaway.ts';
import type {Observation, Presented} from '../observe/types.ts';

export type PresentationOptions = {
	/** The cluster folder's path. */
	folder: string;
	/** Chooses kubeconfig and context. */
	env: Record<string, string>;
};

/** Makes one of the certificates to present; undefined where there is nothing to make it of. */
export type Makers = Record<Presented, () => Promise<KeyPair | undefined>>;

/** The client leaf and key of a folder; with `.new` those that wait to be the client's. */
const pairIn = async (folder: string, which: '' | '.new' = ''): Promise<KeyPair> => ({
	cert: await readFile(path.join(folder, `client${which}.pem`), 'utf8'),
	key: await readFile(path.join(folder, `client-key${which}.pem`), 'utf8'),
});

/** The client leaf from before the reissue: from a backup if it is still valid, else made with the old CA's key, else none. */
const oldClient = async ({folder, env}: PresentationOptions, observation: Observation): Promise<KeyPair | undefined> => {
	const old = observation.folder.certificates['ca.old.pem']?.certificates ?? [];
	const backup = observation.folder.backups.find(({certificates}) => {
		const [leaf] = certificates['client.pem']?.certificates ?? [];
		return leaf && verifies(leaf, old, observation.now).ok;
	});
	if (backup) {
		return pairIn(path.join(folder, 'backups', backup.name));
	}

	return 'ca-key.old.pem' in observation.folder.keys
		? makeThrowaway({folder, ca: {cert: 'ca.old.pem', key: 'ca-key.old.pem'}, env})
		: undefined;
};

/** How each certificate comes about, from a cluster folder. Canary and control are valid credentials: they exist in memory only. */
export const folderMakers = (options: PresentationOptions, observation: Observation): Makers => {
	const {folder, env} = options;
	return {
		present: async () => pairIn(folder),
		// Of cert-manager's CA there is no key, but a leaf for this.
		async canary() {
			const {keys} = observation.folder;
			if ('client-key.new.pem' in keys) {
				return pairIn(folder, '.new');
			}

			return 'ca-key.new.pem' in keys ? makeThrowaway({folder, ca: {cert: 'ca.new.pem', key: 'ca-key.new.pem'}, env}) : undefined;
		},
		control: async () => makeThrowaway({folder, env}),
		old: async () => oldClient(options, observation),
	};
};

/** The certificates to present, made side by side; kinds of which there is none are left out. */
export const presentations = async (makers: Makers, kinds: Iterable<Presented>): Promise<Array<[Presented, KeyPair]>> => {
	const pairs = await Promise.all([...kinds].map(async kind => [kind, await makers[kind]()] as const));
	return pairs.flatMap(([kind, pair]) => pair ? [[kind, pair] as [Presented, KeyPair]] : []);
};
