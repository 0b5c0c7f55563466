import {Buffer} from 'node:buffer';
import {resources, type Kube} from '../kube.ts';
import type {ClientSecret} from './ask.ts';
import type {TidbCluster} from './types.ts';

/**
The cluster client Secret, read anew for each sync: tidb-operator v1 looks it up at every call, so a changed Secret counts at once (tidb-facts 1.2).

@throws {Error} There is none, or it lacks a key.
*/
export async function readClientSecret(kube: Kube, {metadata, kind}: TidbCluster): Promise<ClientSecret> {
	const {namespace} = metadata;
	const name = `${metadata.name}-${kind === 'DMCluster' ? 'dm-client' : 'cluster-client'}-secret`;
	const secret = await kube.get<{metadata: {name: string}; data?: Record<string, string>}>(resources.secrets, {namespace, name});
	if (!secret) {
		throw new Error(`unable to load certificates from secret ${namespace}/${name}: not found`);
	}

	const text = (key: string) => {
		const value = secret.data?.[key];
		if (value === undefined) {
			throw new Error(`unable to load certificates from secret ${namespace}/${name}: no ${key}`);
		}

		return Buffer.from(value, 'base64').toString('utf8');
	};

	return {ca: text('ca.crt'), cert: text('tls.crt'), key: text('tls.key')};
}
