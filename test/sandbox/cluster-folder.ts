import {copyFile, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {render, templateFile} from '../../src/cluster/templates.ts';
import type {Side} from '../../src/cluster/types.ts';
import {certifiedOf, microservicesOf, podAddresses} from './pod-addresses.ts';
import {statePaths, type Sandbox} from './state.ts';

/** The first certificates are older than a day by this, as those of a real cluster would be. */
const backdate = '720h';

type CaConfig = {signing: {default: Record<string, unknown>; profiles: Record<string, Record<string, unknown>>}};

/** The cluster folder of the sandbox's TidbCluster. */
const clusterFolder = (state: string, {folderName}: Pick<Sandbox, 'folderName'>): string => path.join(statePaths(state).clusters, folderName);

const write = async (folder: string, file: string, content: unknown): Promise<void> => writeFile(path.join(folder, file), `${JSON.stringify(content, undefined, 4)}\n`);

/** The signing configuration and the CA's request as the documents have them, or with backdating. */
const writeAuthority = async (folder: string, cluster: {name: string; namespace: string; side?: Side}, isBackdated: boolean): Promise<void> => {
	const added = isBackdated ? {backdate} : {};
	const config = JSON.parse(render('ca-config', cluster)) as CaConfig;
	const profiles = Object.entries(config.signing.profiles).map(([name, profile]) => [name, {...profile, ...added}]);
	const request = JSON.parse(render('ca-csr', cluster)) as {CA: Record<string, unknown>};
	await write(folder, templateFile('ca-config'), {signing: {default: {...config.signing.default, ...added}, profiles: Object.fromEntries(profiles) as Record<string, unknown>}});
	await write(folder, templateFile('ca-csr'), {...request, CA: {...request.CA, ...added}});
};

/**
Makes the cluster folder with the product's templates, with the pods' addresses among the hosts.
What cfssl makes of it is backdated by 30 days until `endBackdating`. Returns the folder.
*/
export const prepareClusterFolder = async (state: string, sandbox: Sandbox): Promise<string> => {
	const {cluster: name, namespace} = sandbox;
	const folder = clusterFolder(state, sandbox);
	await mkdir(folder, {recursive: true, mode: 0o700});
	for (const component of certifiedOf(sandbox)) {
		const request = JSON.parse(render(component, {name, namespace, guests: microservicesOf(sandbox)})) as {hosts: string[]};
		await write(folder, templateFile(component), {...request, hosts: [...request.hosts, ...podAddresses(sandbox, component)]});
	}

	await write(folder, templateFile('client'), JSON.parse(render('client', {name, namespace})));
	await writeAuthority(folder, {name, namespace}, true);
	return folder;
};

/** Gives another cluster's folder the CA of the first one's. */
export const shareCa = async (state: string, from: Sandbox, to: Sandbox): Promise<void> => {
	const [source, target] = [from, to].map(sandbox => clusterFolder(state, sandbox)) as [string, string];
	await Promise.all(['ca.pem', 'ca-key.pem'].map(async file => copyFile(path.join(source, file), path.join(target, file))));
};

const mysqlOf = ({cluster: name, namespace}: Sandbox) => ({name, namespace, side: 'mysql'} as const);

/** The same for the certificates of the MySQL side, in the folder that it has in the cluster folder. */
export const prepareMysqlFolder = async (state: string, sandbox: Sandbox): Promise<void> => {
	const folder = path.join(clusterFolder(state, sandbox), 'mysql');
	await mkdir(folder, {recursive: true, mode: 0o700});
	const request = JSON.parse(render('tidb-server', mysqlOf(sandbox))) as {hosts: string[]};
	// TiProxy serves it as well, and is called by names of its own (tidb-facts 1.4).
	const {cluster, namespace} = sandbox;
	const tiproxy = sandbox.tiproxy > 0 ? [`*.${cluster}-tiproxy-peer.${namespace}.svc`, ...podAddresses(sandbox, 'tiproxy')] : [];
	await write(folder, templateFile('tidb-server'), {...request, hosts: [...request.hosts, ...podAddresses(sandbox, 'tidb'), ...tiproxy]});
	const client = render('tidb-client', mysqlOf(sandbox));
	await write(folder, templateFile('tidb-client'), JSON.parse(client));
	await writeAuthority(folder, mysqlOf(sandbox), true);
};

/** Puts the documents' values back, so that later certificates begin when they are made. */
export const endBackdating = async (state: string, sandbox: Sandbox): Promise<void> => {
	const folder = clusterFolder(state, sandbox);
	await writeAuthority(folder, {name: sandbox.cluster, namespace: sandbox.namespace}, false);
	if (sandbox.mysql) {
		await writeAuthority(path.join(folder, 'mysql'), mysqlOf(sandbox), false);
	}
};
