import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {createSecureContext} from 'node:tls';
import {render, templateFile} from '../../cluster/templates.ts';
import {clientComponent, runningComponents, secretName} from '../../cluster/components.ts';
import type {Cluster} from '../../cluster/types.ts';
import {readClientSecret} from '../../observe/client-secret.ts';
import type {Access} from '../../observe/cluster.ts';
import {type Answers, shakeAll} from '../../observe/shake-all.ts';
import {type KeyPair, makeThrowaway} from '../../observe/throwaway.ts';
import type {Inside, Observation, Presented} from '../../observe/types.ts';
import {openAside} from '../aside.ts';
import {folderMakers, presentations} from '../presentations.ts';
import {looksInside, targets} from '../targets.ts';

/** What the control is made by: the folder's requests, and the documents' where the folder has none. */
const controlFiles = ['ca-config', 'ca-csr', 'client'] as const;

const makeControl = async ({env}: Access, cluster: Cluster, {folder}: Observation): Promise<KeyPair> => {
	const aside = openAside('control');
	try {
		await Promise.all(controlFiles.map(async name => {
			const file = templateFile(name);
			const own = folder.requests[file]?.value;
			await writeFile(path.join(aside.folder, file), own === undefined ? render(name, cluster) : JSON.stringify(own));
		}));
		return await makeThrowaway({folder: aside.folder, env});
	} finally {
		aside.close();
	}
};

const isUsable = ({cert, key}: KeyPair): boolean => {
	try {
		createSecureContext({cert, key});
		return true;
	} catch {
		return false;
	}
};

/** The client leaf that the operator presents: the Secret's. One that is no pair cannot be presented by anybody. */
const liveClient = async (access: Access, cluster: Cluster, {secrets}: Observation): Promise<KeyPair | undefined> => {
	if (!secrets[secretName(cluster.name, clientComponent(cluster))]?.exists) {
		return undefined;
	}

	const pair = await readClientSecret(access, cluster);
	return isUsable(pair) ? pair : undefined;
};

export type Asked = {answers: Answers; inside: Inside[]};

const kinds: Presented[] = ['present', 'canary', 'old', 'control'];

/** Asks every TLS port of every pod, and looks into the containers. Nothing is changed by it, but the logs of what refuses us. */
export const askPods = async (access: Access, cluster: Cluster, observation: Observation): Promise<Asked> => {
	const asked = runningComponents(cluster);
	const pairs = await presentations({
		...folderMakers({folder: observation.folder.path, env: access.env}, observation),
		present: async () => liveClient(access, cluster, observation),
		control: async () => makeControl(access, cluster, observation),
	}, kinds);
	const [answers, inside] = await Promise.all([
		shakeAll({targets: targets(cluster, observation, asked), pairs, env: access.env}),
		looksInside(access, cluster, observation, {asked, leaf: true}),
	]);
	return {answers, inside};
};
