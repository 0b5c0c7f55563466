import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {readRecord} from '../../sandbox/kubelet/record.ts';
import {
	textsOf,
	writeTexts,
	type Named,
	type Texts,
} from './forge.ts';
import type {Place} from './place.ts';
import {doorsOf, knock, type ClientPair} from './shake.ts';
import {until} from './until.ts';

/** Takes a defect back. */
export type Undo = () => Promise<void>;

/** One defect, planted in a healthy cluster. */
export type Mutation = {
	title: string;
	plant: (place: Place) => Promise<Undo>;
	/** The codes of what `verify` must find: these and no others, but for what the defect leaves in logs. */
	codes: string[];
	/** Each must be in what is found. */
	words: RegExp[];
	/** How far back logs are read: by default no further than the defect. */
	since?: string;
};

const componentsWithPods = ['pd', 'tikv', 'tidb'] as const;

const podsOf = (place: Place, component: typeof componentsWithPods[number]): string[] =>
	Array.from({length: place[component]}, (_, ordinal) => `${place.cluster}-${component}-${ordinal}`);

const mounted = async ({state, namespace}: Place, pod: string, file: string): Promise<string | undefined> => {
	const record = await readRecord(state, namespace, pod);
	return readFile(path.join(record!.volumes, `${pod.split('-', 2)[1]!}-tls`, file), 'utf8').catch(() => undefined);
};

/** Waits until every pod but these has mounted what its Secret holds. */
export const everywhere = async (place: Place, except: string[] = []): Promise<void> => {
	for (const component of componentsWithPods) {
		const texts = await textsOf(place, component);
		const pods = podsOf(place, component).filter(name => !except.includes(name));
		for (const pod of pods) {
			await until(`the files of ${pod}`, async () => {
				const found = await Promise.all(Object.entries(texts).map(async ([file, text]) => await mounted(place, pod, file) === text));
				return found.every(Boolean);
			});
		}
	}
};

/**
Waits until all is as it was. TiKV's status port reads its files anew only after a connection that it refused: it is given one, and
then one that it accepts, so that it goes on with what it has from there.
*/
export const settle = async (place: Place, stranger: ClientPair): Promise<void> => {
	await everywhere(place);
	const {'tls.crt': cert = '', 'tls.key': key = ''} = await textsOf(place, 'client');
	const doors = doorsOf(place).filter(({port}) => port === 20_180);
	for (const door of doors) {
		await knock(door, stranger);
		await until('the status port with its files', async () => await knock(door, {cert, key}) === 'accepted');
	}
};

/** Writes something to a component's Secret, until every pod has it mounted. */
export const inSecret = (component: Named, make: (place: Place, texts: Texts) => Promise<Texts> | Texts) => async (place: Place): Promise<Undo> => {
	const before = await textsOf(place, component);
	await writeTexts(place, component, await make(place, before));
	await everywhere(place);
	return async () => writeTexts(place, component, before);
};

/** Changes a file of the cluster folder. */
export const inFile = (file: string, make: (place: Place, text: string) => Promise<string> | string) => async (place: Place): Promise<Undo> => {
	const target = path.join(place.folder, file);
	const before = await readFile(target, 'utf8');
	await writeFile(target, await make(place, before));
	return async () => writeFile(target, before);
};

/** Several changes as one. */
export const together = (...plants: Array<Mutation['plant']>) => async (place: Place): Promise<Undo> => {
	const undos: Undo[] = [];
	for (const plant of plants) {
		undos.unshift(await plant(place));
	}

	return async () => {
		for (const undo of undos) {
			await undo();
		}
	};
};

/** The switch of the accident for a pod, without its end: the process goes on. */
export const thaw = async ({state, namespace}: Place, pod: string): Promise<void> => rm(path.join(state, 'keep-process', `${namespace}.${pod}`), {force: true});
