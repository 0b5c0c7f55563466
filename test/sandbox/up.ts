import {mkdir, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {controlPlaneAddress} from './address.ts';
import {startCertManager} from './cert-manager.ts';
import {
	endBackdating,
	prepareClusterFolder,
	prepareMysqlFolder,
	shareCa,
} from './cluster-folder.ts';
import {startApiserver, startControllers} from './control-plane.ts';
import {type Crds, crdFiles} from './crds.ts';
import {endSandbox} from './down.ts';
import {firstCertificates} from './first-certificates.ts';
import {issueByCertManager} from './issue-by-cert-manager.ts';
import {type Kube, resources} from './kube.ts';
import {withSandboxLock} from './lock.ts';
import {claimNetwork} from './network.ts';
import {addBaseObjects, define} from './objects.ts';
import {makePki, writeKubeconfig} from './pki.ts';
import {listProcesses, startProcess} from './processes.ts';
import {findPrograms} from './programs.ts';
import {dmCluster} from './dm-cluster.ts';
import {
	dmOf,
	eachCluster,
	issuerNames,
	programNames,
	readState,
	secondOf,
	statePaths,
	writeState,
	type Programs,
	type Sandbox,
} from './state.ts';
import {standinProgram} from './standin/build.ts';
import {tidbCluster, waitUntilReady} from './tidb-cluster.ts';

/** How many pods of each component there are. */
type Replicas = 'pd' | 'tikv' | 'tidb' | 'tiflash' | 'ticdc' | 'tiproxy' | 'pump' | 'tso' | 'scheduling' | 'dm';

/** What can be chosen at `up`; the rest of the state follows from it. */
export type Wishes = Partial<Pick<Sandbox, 'profile' | 'operator' | 'issuer' | 'verifyCn' | 'mysql' | 'second' | 'kubeletDelay' | Replicas>>;

/** Takes a line of progress. */
type Tell = (line: string) => void;

const defaultReplicas = {
	pd: 3, tikv: 3, tidb: 2, tiflash: 0, ticdc: 0, tiproxy: 0, pump: 0, tso: 0, scheduling: 0, dm: 0, 'dm-master': 0, 'dm-worker': 0,
};

const kubeletDelays = {real: {min: 2000, max: 6000}, light: {min: 500, max: 500}};

/** Whether `up` has finished there, and the control plane still runs. */
export const isUp = async (state: string): Promise<boolean> => {
	const names = await readdir(state).catch((): string[] => []);
	if (!names.includes('ready')) {
		return false;
	}

	const running = await listProcesses(state);
	return ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kwok'].every(name => running.some(({command}) => path.basename(command.split(' ', 1)[0]!) === name));
};

/** Starts one of our own programs of the sandbox, `<name>/main.ts`. */
const startOwn = (state: string, name: 'kubelet' | 'operator'): void => {
	startProcess({
		state, name, file: process.execPath, args: [path.join(import.meta.dirname, name, 'main.ts'), state],
	});
};

const issueByCfssl = async (state: string, sandbox: Sandbox): Promise<void> => {
	const folder = await prepareClusterFolder(state, sandbox);
	await firstCertificates(folder, state, sandbox);
	if (sandbox.mysql) {
		await prepareMysqlFolder(state, sandbox);
		await firstCertificates(folder, state, sandbox, ['--mysql']);
	}

	if (sandbox.second !== undefined) {
		const second = secondOf(sandbox);
		const other = await prepareClusterFolder(state, second);
		await shareCa(state, sandbox, second);
		await firstCertificates(other, state, second);
		await endBackdating(state, {...second, mysql: false});
	}

	if (sandbox.dm > 0) {
		const dm = dmOf(sandbox);
		const other = await prepareClusterFolder(state, dm);
		await firstCertificates(other, state, dm);
		await endBackdating(state, dm);
	}

	await endBackdating(state, sandbox);
};

/** All that is there whether or not an operator runs: control plane, node, namespace, definitions, kubelet; with an operator the first Secrets too. */
const makeBase = async (state: string, sandbox: Sandbox, crds: Crds, tell: Tell): Promise<Kube> => {
	await makePki(state, sandbox.network);
	await writeKubeconfig(state, sandbox.network, sandbox.name);
	const kube = await startApiserver(state, sandbox);
	// The schema of TidbCluster is large: its definition takes some seconds to come into force.
	const defined = Promise.all([define(kube, crds.tidbCluster), ...(sandbox.dm > 0 ? [define(kube, crds.dmCluster)] : [])]);
	const startRest = async () => {
		await addBaseObjects(kube, sandbox, [...crds.kwok, ...crds.certManager]);
		await startControllers(state, sandbox);
		startOwn(state, 'kubelet');
		const isByCertManager = sandbox.issuer === 'cert-manager';
		if (isByCertManager) {
			await startCertManager(state, sandbox);
		}

		if (sandbox.operator !== 'v1') {
			return;
		}

		// The product asks for TidbClusters and DMClusters.
		await defined;
		await (isByCertManager ? issueByCertManager(kube, state, sandbox) : issueByCfssl(state, sandbox));
		tell(`first certificates of ${sandbox.cluster} made`);
	};

	await Promise.all([defined, startRest()]);
	tell(`control plane ready on ${controlPlaneAddress(sandbox.network)}`);
	return kube;
};

const makeCluster = async (state: string, sandbox: Sandbox, kube: Kube, tell: Tell): Promise<void> => {
	startOwn(state, 'operator');
	const told = (one: Sandbox) => (message: string) => {
		tell(`${one.cluster}: ${message}`);
	};

	await Promise.all([
		...eachCluster(sandbox).map(async one => {
			await kube.create(resources.tidbClusters, tidbCluster(one));
			await waitUntilReady(kube, one, told(one));
		}),
		...(sandbox.dm > 0 ? [dmOf(sandbox)] : []).map(async one => {
			await kube.create(resources.dmClusters, dmCluster(one));
			await waitUntilReady(kube, one, told(one));
		}),
	]);
};

const write = (text: string) => {
	process.stderr.write(text);
};

/** Finds or builds everything that a sandbox is made of, or one without cert-manager, with a line of progress on stderr for each build. */
export const build = async ({withCertManager}: {withCertManager: boolean}): Promise<{programs: Programs; crds: Crds}> => {
	const programs = await findPrograms([...programNames, ...(withCertManager ? issuerNames : [])], write);
	const crds = await crdFiles({withCertManager}, write);
	await standinProgram();
	return {programs, crds};
};

const begin = async (state: string, wishes: Wishes, tell: Tell): Promise<void> => {
	const {
		profile = 'real', operator = 'v1', issuer = 'cfssl', verifyCn = false, mysql = false, second, kubeletDelay = kubeletDelays[profile], ...replicas
	} = wishes;
	const {programs, crds} = await build({withCertManager: issuer === 'cert-manager'});
	await mkdir(state, {recursive: true, mode: 0o700});
	const network = await claimNetwork(state, programs.etcd);
	const sandbox: Sandbox = {
		name: path.basename(state),
		cluster: 'basic',
		namespace: 'tidb',
		folderName: 'basic',
		node: 'sandbox',
		profile,
		operator,
		issuer,
		verifyCn,
		mysql,
		...(second !== undefined && {second}),
		...defaultReplicas,
		...replicas,
		network,
		programs,
		kubeletDelay,
	};
	await writeState(state, sandbox);
	const kube = await makeBase(state, sandbox, crds, tell);
	if (operator === 'v1') {
		await makeCluster(state, sandbox, kube, tell);
	}

	kube.close();
	await writeFile(statePaths(state).ready, '');
};

/**
Starts a sandbox. What an earlier one of that name left behind, without running any more, is removed first.

`state` is the absolute path of its state folder; the folder's name is the sandbox's. `tell` takes lines of progress; building programs writes to
stderr besides.

@returns the sandbox, and whether it had to be started.
@throws Error when a part does not start; what runs by then goes on running, for a look at it, until `down`.
*/
export const up = async (state: string, wishes: Wishes = {}, tell: Tell = () => undefined): Promise<{sandbox: Sandbox; isNew: boolean}> => withSandboxLock(state, async () => {
	const isNew = !await isUp(state);
	if (isNew) {
		await endSandbox(state);
		await begin(state, wishes, tell);
	}

	return {sandbox: await readState(state), isNew};
}, tell);
