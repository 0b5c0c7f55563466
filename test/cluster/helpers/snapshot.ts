import {createHash} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {resources, type KubeObject} from '../../sandbox/kube.ts';
import {statePaths} from '../../sandbox/state.ts';
import type {Place} from './place.ts';

/** What a command must not have changed when it was refused. */
export type Snapshot = {
	/** ResourceVersion by `namespace/name`. */
	secrets: Record<string, string>;
	/** Uid, metadata that people write, and spec by `namespace/name`; the operator writes the status all the time. */
	clusters: Record<string, unknown>;
	/** Hash of each file by its path in the folder of all cluster folders; folders are there with an empty hash. */
	files: Record<string, string>;
};

const key = ({metadata: {namespace = '', name}}: KubeObject): string => `${namespace}/${name}`;

/** The hash of every file below a folder, by its relative path; '' for folders. */
export const hashes = async (folder: string): Promise<Record<string, string>> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const pairs = await Promise.all(entries.map(async entry => {
		const file = path.join(entry.parentPath, entry.name);
		return [path.relative(folder, file), entry.isFile() ? createHash('sha256').update(await readFile(file)).digest('hex') : ''] as const;
	}));
	return Object.fromEntries(pairs.toSorted(([one], [other]) => one.localeCompare(other)));
};

/** Takes a snapshot of all namespaces and all cluster folders. */
export const snapshot = async ({kube, state}: Place): Promise<Snapshot> => {
	const [secrets, clusters, files] = await Promise.all([
		kube.list<KubeObject>(resources.secrets),
		kube.list<KubeObject & {spec: unknown}>(resources.tidbClusters),
		hashes(statePaths(state).clusters),
	]);
	return {
		secrets: Object.fromEntries(secrets.items.map(object => [key(object), object.metadata.resourceVersion!])),
		clusters: Object.fromEntries(clusters.items.map(object => {
			const {uid, labels, annotations} = object.metadata;
			return [key(object), {
				uid, labels, annotations, spec: object.spec,
			}];
		})),
		files,
	};
};
