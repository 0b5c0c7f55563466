import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Access} from '../observe/cluster.ts';
import {openAside} from './aside.ts';
import {usage} from './errors.ts';

/**
A kubectl lives for a tenth of a second, and spends a quarter of its work on collecting garbage that its end would free. A plan starts
dozens of them. Whoever sets GOGC means it.
*/
const collectRarely = (): Record<string, string> => process.env.GOGC === undefined ? {GOGC: '800'} : {};

/**
The environment with which every kubectl reaches the chosen cluster, so that the documents' lines need no extra options.
A context is chosen by a first kubeconfig that holds nothing else: kubectl merges, and the first file that sets a value wins.
@returns the environment, and `close`, which removes that file.
@throws Stopped when a kubeconfig is named and none is there.
*/
export const openAccess = async ({kubeconfig, context}: {kubeconfig?: string; context?: string}): Promise<Access & {close: () => Promise<void>}> => {
	const named = kubeconfig ?? process.env.KUBECONFIG;
	const files = (named ?? path.join(homedir(), '.kube', 'config')).split(path.delimiter).map(file => path.resolve(file));
	// Without any, kubectl would ask localhost:8080.
	if (named !== undefined && named !== '' && files.every(file => !existsSync(file))) {
		throw usage(`there is no kubeconfig ${named}`, kubeconfig === undefined ? 'KUBECONFIG names it' : '--kubeconfig names it');
	}

	const resolved = files.join(path.delimiter);
	if (context === undefined) {
		// Made absolute also where the environment names it: the lines run in other folders.
		return {env: {...collectRarely(), ...(named !== undefined && named !== '' && {KUBECONFIG: resolved})}, close: async () => undefined};
	}

	const {folder, close} = openAside('context');
	const file = path.join(folder, 'config');
	await writeFile(file, `apiVersion: v1\nkind: Config\ncurrent-context: ${JSON.stringify(context)}\n`, {mode: 0o600});
	return {
		env: {...collectRarely(), KUBECONFIG: `${file}${path.delimiter}${resolved}`},
		async close() {
			close();
		},
	};
};

/** An access of each of several clusters, and `close` for all of them: one for all, or with `contexts` each its own. */
export const openAll = async (options: {kubeconfig?: string; context?: string; contexts?: string[]; with?: string[]}): Promise<{accesses: Access[]; close: () => Promise<void>}> => {
	const {contexts, with: others = []} = options;
	const opened = await Promise.all((contexts ?? [options.context]).map(async context => openAccess({...options, ...(context !== undefined && {context})})));
	return {
		accesses: contexts ? opened : Array.from({length: others.length + 1}, () => opened[0]!),
		async close() {
			await Promise.all(opened.map(async ({close}) => close()));
		},
	};
};
