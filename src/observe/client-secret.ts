import {readCertificates} from '../certificates/read.ts';
import type {CertificateFacts} from '../certificates/types.ts';
import {clientComponent, secretName} from '../cluster/components.ts';
import type {Cluster} from '../cluster/types.ts';
import {runProgram} from '../run/program.ts';
import type {SecretObject} from './objects.ts';
import {decode} from './secrets.ts';
import type {KeyPair} from './throwaway.ts';

/** What a client has that reads the client Secret of a side for each connection, as the operator does. It is kept in memory only. */
export type ClientMaterial = KeyPair & {bundle: CertificateFacts[]};

/** Milliseconds. */
const limit = 10_000;

/**
Reads leaf, key and bundle of the client Secret of the cluster's side as they are now.
@throws ProgramError when kubectl fails or does not answer within 10 s.
*/
export const readClientSecret = async ({env}: {env: Record<string, string>}, cluster: Cluster): Promise<ClientMaterial> => {
	const {stdout} = await runProgram('kubectl', ['get', 'secret', secretName(cluster.name, clientComponent(cluster)), `--namespace=${cluster.namespace}`, '-o', 'json'], {
		what: 'reading the client Secret', env, timeout: limit,
	});
	const {data = {}} = JSON.parse(stdout) as SecretObject;
	return {cert: decode(data['tls.crt']), key: decode(data['tls.key']), bundle: readCertificates(decode(data['ca.crt'])).certificates};
};
