import {Buffer} from 'node:buffer';
import {mkdir, rm, symlink} from 'node:fs/promises';
import path from 'node:path';
import type {
	ConfigMap,
	Item,
	Pod,
	Secret,
	Volume,
} from './types.ts';
import {
	type Files,
	readVolume,
	writeVolume,
} from './volumes.ts';

export type Sources = {
	/** The Secret as the kubelet's watch knows it; undefined if there is none. */
	secret: (name: string) => Secret | undefined;
	configMap: (name: string) => Promise<ConfigMap | undefined>;
	/** The folder of each claim, by volume name. */
	claims: Record<string, string>;
};

const filesOf = (data: Record<string, string> | undefined, encoding: 'base64' | 'utf8', items: Item[] | undefined): Files => {
	const all = new Map(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)]));
	return items ? new Map(items.filter(({key}) => all.has(key)).map(item => [item.path, all.get(item.key)!])) : all;
};

/** What stands in a Secret volume: each key's bytes, or the items that the volume asks for. */
export const secretFiles = (secret: Secret | undefined, items?: Item[]): Files => filesOf(secret?.data, 'base64', items);

const podFiles = (pod: Pod, items: NonNullable<Volume['downwardAPI']>['items'] = []): Files =>
	new Map(items.map(item => {
		const {labels, annotations} = pod.metadata;
		const shown = item.fieldRef?.fieldPath === 'metadata.labels' ? labels : annotations;
		const text = Object.entries(shown ?? {}).map(([key, value]) => `${key}=${JSON.stringify(value)}\n`).join('');
		return [item.path, Buffer.from(text)];
	}));

/** The files of a volume, or what is missing for it. */
const contentOf = async ({secret: ofSecret, configMap: ofMap, downwardAPI}: Volume, pod: Pod, sources: Sources): Promise<Files | string> => {
	if (ofSecret) {
		const secret = sources.secret(ofSecret.secretName);
		return secret !== undefined || ofSecret.optional === true ? secretFiles(secret, ofSecret.items) : `secret "${ofSecret.secretName}" not found`;
	}

	if (ofMap) {
		const map = await sources.configMap(ofMap.name);
		return map !== undefined || ofMap.optional === true ? filesOf(map?.data, 'utf8', ofMap.items) : `configmap "${ofMap.name}" not found`;
	}

	return podFiles(pod, downwardAPI?.items);
};

const mount = async (folder: string, volume: Volume, pod: Pod, sources: Sources): Promise<string | undefined> => {
	const target = path.join(folder, volume.name);
	const claim = sources.claims[volume.name];
	if (claim !== undefined) {
		await rm(target, {force: true});
		// Relative, so that it holds where the pod's folder is mounted elsewhere (pod-view.sh).
		await symlink(path.relative(folder, claim), target);
		return undefined;
	}

	if (!volume.secret && !volume.configMap && !volume.downwardAPI) {
		await mkdir(target, {recursive: true, mode: 0o700});
		return undefined;
	}

	if (await readVolume(target)) {
		return undefined;
	}

	const content = await contentOf(volume, pod, sources);
	if (typeof content === 'string') {
		return `MountVolume.SetUp failed for volume "${volume.name}" : ${content}`;
	}

	await writeVolume(target, content);
	return undefined;
};

/**
Mount all volumes of a pod that were not mounted yet: each gets a folder of its name in `folder`.

@returns what is missing, as kubelet words it; undefined when all volumes stand.
*/
export const mountVolumes = async (folder: string, pod: Pod, sources: Sources): Promise<string | undefined> => {
	await mkdir(folder, {recursive: true, mode: 0o700});
	const missing = await Promise.all((pod.spec.volumes ?? []).map(async volume => mount(folder, volume, pod, sources)));
	return missing.find(one => one !== undefined);
};
