import {readFile, readlink} from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import type {Identity} from './dial.ts';
import type {PodProcess} from './processes.ts';

/** PEM texts of what one side presents, if it does, and trusts. */
export type Material = {cert?: string; key?: string; ca: string};

const mostContexts = 64;

/** Makes secure contexts, and keeps the last ones: parsing keys for every connection would cost more than the handshake. */
export const makeContexts = () => {
	const contexts = new Map<string, Identity>();
	return (material: Material): Identity => {
		const {cert, ca} = material;
		const name = `${cert ?? ''}${ca}`;
		let identity = contexts.get(name);
		if (!identity) {
			identity = {context: tls.createSecureContext(material)};
			if (contexts.size >= mostContexts) {
				contexts.delete(contexts.keys().next().value!);
			}

			contexts.set(name, identity);
		}

		return identity;
	};
};

type Leaf = {cert: string; key: string};

/** What each generation of a mounted volume holds: it never changes, a change of the Secret makes another generation. */
const generations = new Map<string, Promise<Leaf>>();

const readGeneration = async (data: string): Promise<Leaf> => {
	const [cert, key] = await Promise.all(['tls.crt', 'tls.key'].map(async file => readFile(path.join(data, file), 'utf8')));
	return {cert: cert!, key: key!};
};

/** Leaf and key as the pod has them mounted now, from one generation of the volume: through `..data`, resolved once. */
const readLeaf = async (folder: string): Promise<Leaf> => {
	const data = path.join(folder, await readlink(path.join(folder, '..data')));
	const known = generations.get(data) ?? readGeneration(data);
	generations.set(data, known);
	try {
		return await known;
	} catch (error) {
		generations.delete(data);
		throw error;
	}
};

/**
What a pod's process presents and trusts now: the mounted leaf, which every component reads anew for each connection, and the bundle
that it loaded at its start.

@throws the file system's error, after a second try, when the pod's volume is gone.
*/
export const materialOf = async ({folder, bundle}: PodProcess): Promise<Material> => {
	try {
		return {...await readLeaf(folder), ca: bundle};
	} catch {
		return {...await readLeaf(folder), ca: bundle};
	}
};
