import {secretName} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import type {Access} from '../observe/cluster.ts';
import type {Login, SqlPlace} from '../observe/sql.ts';
import type {KeyPair} from '../observe/throwaway.ts';
import type {Observation, PodFacts} from '../observe/types.ts';
import {folderMakers} from './presentations.ts';

export type SqlOptions = {access: Access; cluster: Cluster; folder: string; login: Login};

/** The folder's client certificate; none where the folder has none yet. */
const clientPair = async ({access, folder}: SqlOptions, observation: Observation): Promise<KeyPair | undefined> =>
	'client.pem' in observation.folder.certificates && 'client-key.pem' in observation.folder.keys
		? folderMakers({folder, env: access.env}, observation).present()
		: undefined;

/** Every CA that TiDB may have its certificate of: what it serves may be from before its Secret's last write. */
const casNow = ({cluster}: SqlOptions, {secrets, folder}: Observation): string[] => [
	secrets[secretName(cluster.name, 'tidb-server')]?.bundle,
	...['ca.pem', 'ca.old.pem', 'ca.new.pem'].map(file => folder.certificates[file]),
].flatMap(facts => facts?.certificates.map(({pem}) => pem) ?? []);

/** How to speak with these TiDBs, with the trust that holds at this moment (tidb-facts 5.A.15). */
export const sqlPlaces = async (options: SqlOptions, observation: Observation, pods: PodFacts[]): Promise<SqlPlace[]> => {
	const pair = await clientPair(options, observation);
	const {access: {env}, cluster: {namespace}, login} = options;
	return pods.map(({name}) => ({
		namespace, pod: name, env, login, cas: casNow(options, observation), pair,
	}));
};
